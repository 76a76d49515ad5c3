using System.Diagnostics;
using System.Reflection;
using Microsoft.Azure.Functions.Worker;

namespace Governance.Functions.Tests;

/// <summary>The Service Bus extension that the head was built with, the real one or the stand-in, has the members that are published.</summary>
public sealed class ServiceBusExtensionTests
{
    /// <summary>Types that the head does not use and that the stand-in may lack.</summary>
    private static readonly string[] Unused = ["ServiceBusEntityType", "ServiceBusOutputAttribute", "ServiceBusSessionMessageActions"];

    private static readonly Assembly BuiltWith = typeof(ServiceBusTriggerAttribute).Assembly;

    private static bool StandIn => BuiltWith.GetName().Name != "Microsoft.Azure.Functions.Worker.Extensions.ServiceBus";

    [Fact]
    public void Its_members_are_those_of_the_published_source()
    {
        var published = Checkout.Read("tests/Governance.Functions.Tests/ServiceBusExtensionSurface.txt")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith('#'))
            .Where(line => !StandIn || !Unused.Contains(line.Split(' ')[0]));

        var members = BuiltWith.GetExportedTypes().SelectMany(Members);

        Assert.Equal(published.Order(StringComparer.Ordinal), members.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Publishing_is_refused_with_the_stand_in()
    {
        string[] arguments =
        [
            "publish", Path.Combine(Checkout.Root, "src", "Governance.Functions"), "--no-build", "-p:UseServiceBusStandIn=true",
            $"-p:Configuration={Configuration}", "-o", Path.Combine(AppContext.BaseDirectory, "never-published"),
        ];
        using var publish = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = publish.StandardError.ReadToEndAsync();
        var output = await publish.StandardOutput.ReadToEndAsync() + await errors;
        await publish.WaitForExitAsync();

        Assert.NotEqual(0, publish.ExitCode);
        Assert.Contains("stand-in", output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(AppContext.BaseDirectory, "never-published")));
    }

    private static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    private static IEnumerable<string> Members(Type type)
    {
        const BindingFlags Own = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        var inherited = type.BaseType!.GetInterfaces();
        var interfaces = type.IsEnum ? [] : type.GetInterfaces().Except(inherited).Select(face => $" {face.Name}");
        yield return $"{type.Name} {(type.IsEnum ? "enum" : type.IsSealed ? "sealed class" : "class")} {type.BaseType.Name}{string.Concat(interfaces)}";
        if (type.IsEnum)
        {
            foreach (var value in Enum.GetValues(type))
            {
                yield return $"{type.Name} {value} = {(int)value}";
            }

            yield break;
        }

        foreach (var made in type.GetConstructors(Own).Where(Seen))
        {
            yield return $"{type.Name} {Access(made)}{type.Name}({Parameters(made)})";
        }

        foreach (var property in type.GetProperties(Own).Where(property => Seen(property.GetMethod!)))
        {
            var set = property.SetMethod is { } setter && Seen(setter) ? $" {Access(setter)}set;" : string.Empty;
            yield return $"{type.Name} {Access(property.GetMethod!)}{Name(property.PropertyType)} {property.Name} {{ get;{set} }}";
        }

        foreach (var method in type.GetMethods(Own).Where(method => Seen(method) && !method.IsSpecialName))
        {
            yield return $"{type.Name} {Access(method)}{Name(method.ReturnType)} {method.Name}({Parameters(method)})";
        }
    }

    private static bool Seen(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    /// <summary>A setter is as virtual as its getter, which says so.</summary>
    private static string Access(MethodBase method) =>
        (method.IsPublic ? string.Empty : "protected ")
        + (method is { IsVirtual: true, IsFinal: false } && !method.Name.StartsWith("set_", StringComparison.Ordinal) ? "virtual " : string.Empty);

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter =>
        $"{Name(parameter.ParameterType)} {parameter.Name}{(parameter.HasDefaultValue ? " = default" : string.Empty)}"));

    private static string Name(Type type) => type.IsGenericType
        ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>"
        : type.Name;
}
