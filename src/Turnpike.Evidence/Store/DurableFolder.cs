namespace Turnpike.Evidence;

/// <summary>Makes new and renamed names in a folder survive power loss.</summary>
public static class DurableFolder
{
    /// <summary>Fsyncs the folder; nothing on Windows, where the file system journals names itself.</summary>
    public static void Flush(string folder) => DurableFile.FlushFolder(folder);
}
