namespace Turnpike.Simulation;

/// <summary>Small systems of linear equations.</summary>
internal static class LeastSquares
{
    /// <summary>Solves n equations, the right side in the last column, by elimination with partial pivoting. The matrix is used up.</summary>
    public static double[] Solve(double[,] matrix)
    {
        var n = matrix.GetLength(0);
        for (var column = 0; column < n; column++)
        {
            var pivot = column;
            for (var row = column + 1; row < n; row++)
                if (Math.Abs(matrix[row, column]) > Math.Abs(matrix[pivot, column])) pivot = row;
            for (var j = 0; j <= n; j++) (matrix[column, j], matrix[pivot, j]) = (matrix[pivot, j], matrix[column, j]);
            for (var row = 0; row < n; row++)
            {
                if (row == column) continue;
                var factor = matrix[row, column] / matrix[column, column];
                for (var j = column; j <= n; j++) matrix[row, j] -= factor * matrix[column, j];
            }
        }
        return [.. Enumerable.Range(0, n).Select(i => matrix[i, n] / matrix[i, i])];
    }
}
