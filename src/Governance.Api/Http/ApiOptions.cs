using System.Security.Cryptography;

namespace Governance.Api.Http;

/// <summary>Bounds of the API.</summary>
public sealed class ApiOptions
{
    public const string Section = "Api";

    /// <summary>Key that cursors are signed with, 32 bytes; servers behind one address must share it. Random when not set.</summary>
    public byte[] CursorKey { get; set; } = RandomNumberGenerator.GetBytes(32);

    /// <summary>Path of the page where a browser without proof is sent; null where there is none.</summary>
    public string? SignInPage { get; set; }

    /// <summary>Longest request body in bytes. Default 64 KiB.</summary>
    public int LongestBody { get; set; } = 64 * 1024;

    /// <summary>Requests a second of one caller, after a burst of twice as many. Default 300.</summary>
    public int RequestsPerSecond { get; set; } = 300;

    /// <summary>Changes a minute of one caller, after a burst of a third as many. Default 60.</summary>
    public int ChangesPerMinute { get; set; } = 60;

    /// <summary>Requests without a valid token a minute from one address, after a burst of as many. Default 120.</summary>
    public int RefusalsPerMinute { get; set; } = 120;

    /// <returns>Every mistake with the name of its setting; empty when there is none.</returns>
    public IReadOnlyList<string> Problems()
    {
        var problems = new List<string>();
        Within(nameof(CursorKey), CursorKey.Length, 32, 64);
        Within(nameof(LongestBody), LongestBody, 1024, 1024 * 1024);
        Within(nameof(RequestsPerSecond), RequestsPerSecond, 1, 100_000);
        Within(nameof(ChangesPerMinute), ChangesPerMinute, 3, 100_000);
        Within(nameof(RefusalsPerMinute), RefusalsPerMinute, 1, 100_000);
        return problems;

        void Within(string name, int value, int least, int most)
        {
            if (value < least || value > most)
            {
                problems.Add($"{Section}:{name} is not between {least} and {most}");
            }
        }
    }
}
