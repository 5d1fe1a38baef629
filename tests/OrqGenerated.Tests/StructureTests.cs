using System.CodeDom.Compiler;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace OrqGenerated.Tests;

/// <summary>
/// The library's types can be read in order: none depends on itself through others, and none is large.
/// </summary>
internal sealed class StructureTests
{
    private const BindingFlags Declared =
        BindingFlags.DeclaredOnly
        | BindingFlags.Instance
        | BindingFlags.Static
        | BindingFlags.Public
        | BindingFlags.NonPublic;

    private static readonly Dictionary<short, OpCode> OpCodesByValue = typeof(OpCodes)
        .GetFields()
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => code.Value);

    private static readonly Type[] Types = typeof(OrqTransport).Assembly.GetTypes();

    [Test]
    public void No_type_depends_on_itself_through_others()
    {
        var uses = Types
            .GroupBy(Outer)
            .Where(group => IsHandwritten(group.Key))
            .ToDictionary(
                group => group.Key,
                group => group.SelectMany(UsedBy).Select(Outer).Where(IsHandwritten).ToHashSet()
            );

        var cycles = uses.Keys.Select(type => Cycle(uses, type)).OfType<string>().Order(StringComparer.Ordinal);

        Assert.That(uses[typeof(OrqTransport)], Has.Member(typeof(RetryPolicy)), "dependencies are found");
        Assert.That(cycles, Is.Empty);
    }

    [Test]
    public void No_type_of_the_call_path_has_more_than_seven_fields()
    {
        var large = Types
            .Where(type => type.Namespace == typeof(OrqTransport).Namespace)
            .Where(type => !type.IsDefined(typeof(CompilerGeneratedAttribute)))
            // CreateManyAsync calls the client, and is not called by it.
            .Where(type => !type.Name.StartsWith("Many", StringComparison.Ordinal))
            .Select(type => (type.Name, Fields: type.GetFields(Declared).Count(field => !field.IsStatic)))
            .Where(type => type.Fields > 7);

        Assert.That(large, Is.Empty);
    }

    private static Type Outer(Type type) => type.DeclaringType is { } outer ? Outer(outer) : type;

    private static bool IsHandwritten(Type type) =>
        type.Assembly == typeof(OrqTransport).Assembly && !type.IsDefined(typeof(GeneratedCodeAttribute));

    /// <summary>The shortest path from a type back to itself; null if there is none.</summary>
    private static string? Cycle(Dictionary<Type, HashSet<Type>> uses, Type start)
    {
        var paths = new Dictionary<Type, string> { [start] = start.Name };
        var next = new Queue<Type>([start]);
        while (next.TryDequeue(out var type))
        {
            foreach (var used in uses[type].Where(used => used != type))
            {
                var path = $"{paths[type]} -> {used.Name}";
                if (used == start)
                    return path;

                if (paths.TryAdd(used, path))
                    next.Enqueue(used);
            }
        }

        return null;
    }

    /// <summary>The types that a type uses as bases, in fields, in signatures and in method bodies.</summary>
    private static IEnumerable<Type> UsedBy(Type type)
    {
        var methods = type.GetMembers(Declared).OfType<MethodBase>();
        return type.GetInterfaces()
            .Append(type.BaseType)
            .Concat(type.GetFields(Declared).Select(field => field.FieldType))
            .Concat(methods.SelectMany(UsedBy))
            .OfType<Type>()
            .SelectMany(Parts);
    }

    private static IEnumerable<Type?> UsedBy(MethodBase method)
    {
        var body = method.GetMethodBody();
        return method
            .GetParameters()
            .Select(parameter => parameter.ParameterType)
            .Append((method as MethodInfo)?.ReturnType)
            .Concat(body?.LocalVariables.Select(local => local.LocalType) ?? [])
            .Concat(body is null ? [] : Members(method, body.GetILAsByteArray()!).SelectMany(TypesOf));

        static IEnumerable<Type?> TypesOf(MemberInfo member) =>
            member switch
            {
                Type used => [used],
                MethodInfo used => [used.DeclaringType, used.ReturnType, .. used.GetGenericArguments()],
                FieldInfo used => [used.DeclaringType, used.FieldType],
                _ => [member.DeclaringType],
            };
    }

    /// <summary>A type without its array or reference, and its type arguments.</summary>
    private static IEnumerable<Type> Parts(Type type) =>
        type.HasElementType ? Parts(type.GetElementType()!)
        : type.IsGenericParameter ? []
        : type.IsGenericType ? type.GetGenericArguments().SelectMany(Parts).Append(type.GetGenericTypeDefinition())
        : [type];

    /// <summary>The members that a method's instructions refer to.</summary>
    private static IEnumerable<MemberInfo> Members(MethodBase method, byte[] il)
    {
        var typeArguments = method.DeclaringType!.GetGenericArguments();
        var methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : [];
        var at = 0;
        while (at < il.Length)
        {
            var code = OpCodesByValue[il[at] == 0xFE ? (short)(0xFE00 | il[at + 1]) : il[at]];
            at += code.Size;
            switch (code.OperandType)
            {
                case OperandType.InlineField
                or OperandType.InlineMethod
                or OperandType.InlineTok
                or OperandType.InlineType:
                    var token = BitConverter.ToInt32(il, at);
                    yield return method.Module.ResolveMember(token, typeArguments, methodArguments)!;
                    at += 4;
                    break;
                case OperandType.InlineSwitch:
                    at += 4 + (4 * BitConverter.ToInt32(il, at));
                    break;
                case OperandType.InlineNone:
                    break;
                case OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar:
                    at += 1;
                    break;
                case OperandType.InlineVar:
                    at += 2;
                    break;
                case OperandType.InlineI8 or OperandType.InlineR:
                    at += 8;
                    break;
                default:
                    at += 4;
                    break;
            }
        }
    }
}
