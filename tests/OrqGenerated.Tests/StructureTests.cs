using System.CodeDom.Compiler;
using System.Runtime.CompilerServices;
using Mono.Cecil;

namespace OrqGenerated.Tests;

/// <summary>
/// The library's types can be read in order: none depends on itself through others, and none is large.
/// </summary>
internal sealed class StructureTests
{
    private static readonly TypeDefinition[] Types =
    [
        .. ModuleDefinition.ReadModule(typeof(OrqTransport).Assembly.Location).GetTypes(),
    ];

    [Test]
    public void No_type_depends_on_itself_through_others()
    {
        var names = Types
            .Where(type => Outer(type) == type && !HasAttribute<GeneratedCodeAttribute>(type))
            .Select(NameOf);
        var handwritten = names.ToHashSet(StringComparer.Ordinal);
        var uses = Types
            .GroupBy(type => NameOf(Outer(type)))
            .Where(group => handwritten.Contains(group.Key))
            .ToDictionary(
                group => group.Key,
                group => group.SelectMany(UsedBy).Select(Outer).Select(NameOf).Where(handwritten.Contains).ToHashSet()
            );

        var cycles = uses.Keys.Select(type => Cycle(uses, type)).OfType<string>().Order(StringComparer.Ordinal);

        Assert.That(uses[nameof(OrqTransport)], Has.Member(nameof(RetryPolicy)), "dependencies are found");
        Assert.That(cycles, Is.Empty);
    }

    [Test]
    public void No_type_of_the_call_path_has_more_than_seven_fields()
    {
        var large = Types
            .Where(type =>
                type.Namespace == typeof(OrqTransport).Namespace && !HasAttribute<CompilerGeneratedAttribute>(type)
            )
            // CreateManyAsync calls the client, and is not called by it.
            .Where(type => !type.Name.StartsWith("Many", StringComparison.Ordinal))
            .Select(type => (type.Name, Fields: type.Fields.Count(field => !field.IsStatic)))
            .Where(type => type.Fields > 7);

        Assert.That(large, Is.Empty);
    }

    private static TypeReference Outer(TypeReference type) => type.DeclaringType is { } outer ? Outer(outer) : type;

    private static string NameOf(TypeReference type) =>
        type.Namespace.StartsWith("OrqGenerated", StringComparison.Ordinal) ? type.Name : type.FullName;

    private static bool HasAttribute<T>(TypeDefinition type) =>
        type.CustomAttributes.Any(attribute => attribute.AttributeType.FullName == typeof(T).FullName);

    /// <summary>The shortest path from a type back to itself; null if there is none.</summary>
    private static string? Cycle(Dictionary<string, HashSet<string>> uses, string start)
    {
        var paths = new Dictionary<string, string>(StringComparer.Ordinal) { [start] = start };
        var next = new Queue<string>([start]);
        while (next.TryDequeue(out var type))
        {
            foreach (var used in uses[type].Where(used => used != type))
            {
                var path = $"{paths[type]} -> {used}";
                if (used == start)
                    return path;

                if (paths.TryAdd(used, path))
                    next.Enqueue(used);
            }
        }

        return null;
    }

    /// <summary>The types that a type uses as bases, in fields, in signatures and in method bodies.</summary>
    private static IEnumerable<TypeReference> UsedBy(TypeDefinition type) =>
        type
            .Interfaces.Select(implementation => implementation.InterfaceType)
            .Append(type.BaseType)
            .Concat(type.Fields.Select(field => field.FieldType))
            .Concat(type.Methods.SelectMany(UsedBy))
            .OfType<TypeReference>()
            .SelectMany(Parts);

    private static IEnumerable<TypeReference?> UsedBy(MethodDefinition method)
    {
        var body = method.HasBody ? method.Body : null;
        return method
            .Parameters.Select(parameter => parameter.ParameterType)
            .Append(method.ReturnType)
            .Concat(body?.Variables.Select(local => local.VariableType) ?? [])
            .Concat(body?.Instructions.SelectMany(instruction => UsedBy(instruction.Operand)) ?? []);
    }

    private static IEnumerable<TypeReference?> UsedBy(object operand) =>
        operand switch
        {
            TypeReference type => [type],
            GenericInstanceMethod method => [.. UsedBy(method.ElementMethod), .. method.GenericArguments],
            MethodReference method => [method.DeclaringType, method.ReturnType],
            FieldReference field => [field.DeclaringType, field.FieldType],
            _ => [],
        };

    /// <summary>A type without its array or reference, and its type arguments.</summary>
    private static IEnumerable<TypeReference> Parts(TypeReference type) =>
        type switch
        {
            GenericInstanceType generic => [generic.ElementType, .. generic.GenericArguments.SelectMany(Parts)],
            TypeSpecification specification => Parts(specification.ElementType),
            _ => [type],
        };
}
