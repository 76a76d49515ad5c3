using System.Collections.Immutable;
using System.Diagnostics;
using System.Security.Cryptography;
using Governance.Core.Policy;
using Governance.Core.Scans;

namespace Governance.Embedded.Sqlite;

/// <summary>Each tenant's keys for pseudonyms, in a file that the user alone may read; apart from the database, so that a copy of one tells nothing.</summary>
internal sealed class PseudonymKeys(string folder)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly Lock _lock = new();
    private static readonly ManualResetEventSlim Pause = new();

    /// <summary>All keys, newest first; the first one is made when there is none.</summary>
    /// <exception cref="StoreUnavailableException">The file cannot be read, or is none.</exception>
    public ImmutableArray<byte[]> Of(Guid tenant)
    {
        lock (_lock)
        {
            var keys = Read(tenant);
            if (!keys.IsEmpty)
            {
                return keys;
            }

            using var alone = Alone(tenant);
            keys = Read(tenant);
            return keys.IsEmpty ? Add(tenant, keys) : keys;
        }
    }

    /// <returns>How many keys there are now.</returns>
    public int Rotate(Guid tenant)
    {
        lock (_lock)
        {
            using var alone = Alone(tenant);
            return Add(tenant, Read(tenant)).Length;
        }
    }

    /// <returns>How many keys were destroyed.</returns>
    public int DestroyEarlier(Guid tenant)
    {
        lock (_lock)
        {
            using var alone = Alone(tenant);
            var keys = Read(tenant);
            if (keys.Length < 2)
            {
                return 0;
            }

            // The old file is overwritten before its place is given up, as far as the disk does what it is told.
            var old = new FileStream(PathOf(tenant), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            PrivateFile.Write(PathOf(tenant), Convert.ToHexStringLower(keys[0]) + "\n");
            using (old)
            {
                old.Write(new byte[old.Length]);
                old.Flush(flushToDisk: true);
            }

            return keys.Length - 1;
        }
    }

    private string PathOf(Guid tenant) => Path.Combine(folder, "pseudonym-keys", tenant.ToString("D"));

    private ImmutableArray<byte[]> Read(Guid tenant)
    {
        var path = PathOf(tenant);
        try
        {
            return File.Exists(path) ? [.. File.ReadAllLines(path).Select(Convert.FromHexString).Select(Whole)] : [];
        }
        catch (Exception fault) when (fault is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new StoreUnavailableException(StoreFault.Damaged, $"the pseudonym keys {path} cannot be read; restore the file", fault);
        }
    }

    /// <summary>Keeps other processes from making a key at the same time: the later one would replace the earlier, and its pseudonyms would be nobody's.</summary>
    private FileStream Alone(Guid tenant)
    {
        PrivateFile.MakeFolder(Path.GetDirectoryName(PathOf(tenant))!);
        var waited = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return new FileStream(PathOf(tenant) + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (waited.Elapsed < Patience)
            {
                Pause.Wait(10);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                throw new StoreUnavailableException(StoreFault.NotWritable, $"the pseudonym keys {PathOf(tenant)} cannot be written: {fault.Message}", fault);
            }
        }
    }

    private ImmutableArray<byte[]> Add(Guid tenant, ImmutableArray<byte[]> keys)
    {
        keys = keys.Insert(0, RandomNumberGenerator.GetBytes(Pseudonym.KeyBytes));
        PrivateFile.MakeFolder(Path.GetDirectoryName(PathOf(tenant))!);
        PrivateFile.Write(PathOf(tenant), string.Concat(keys.Select(key => Convert.ToHexStringLower(key) + "\n")));
        return keys;
    }

    private static byte[] Whole(byte[] key) => key.Length == Pseudonym.KeyBytes ? key : throw new FormatException("a key of another length");
}
