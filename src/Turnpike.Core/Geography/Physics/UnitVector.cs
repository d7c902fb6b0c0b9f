namespace Turnpike.Core.Geography.Physics;

/// <summary>A place as a vector from the centre of the earth: x towards 0 N 0 E, y towards 0 N 90 E, z north. Of any length where only the direction counts.</summary>
internal readonly record struct UnitVector(double X, double Y, double Z)
{
    public SphericalPoint ToPoint() => new(
        Trigonometry.Atan2(Z, Math.Sqrt(X * X + Y * Y)) * SphericalPoint.DegreesPerRadian,
        Trigonometry.Atan2(Y, X) * SphericalPoint.DegreesPerRadian);
}
