using System.Runtime.CompilerServices;

namespace Governance.Functions.Tests;

/// <summary>The checkout that the tests were compiled from.</summary>
internal static class Checkout
{
    public static string Root { get; } = Find();

    public static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    private static string Find([CallerFilePath] string here = "")
    {
        for (var folder = new FileInfo(here).Directory; folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "GovernanceFunctions.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("the tests do not lie in a checkout");
    }
}
