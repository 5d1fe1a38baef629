using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace OrqGenerated.Tests.PublicApi;

/// <summary>
/// The public API of an assembly as C#-like text: a line for each type and member that a user can refer to or override,
/// in order of their names.
/// </summary>
internal static class ApiListing
{
    private const BindingFlags Declared =
        BindingFlags.DeclaredOnly
        | BindingFlags.Public
        | BindingFlags.NonPublic
        | BindingFlags.Instance
        | BindingFlags.Static;

    private static readonly NullabilityInfoContext Nullability = new();

    public static string Of(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (var type in assembly.GetExportedTypes().OrderBy(t => t.FullName, StringComparer.Ordinal))
        {
            text.Append(text.Length == 0 ? "" : "\n").Append(Head(type)).Append('\n');
            foreach (var member in Members(type).Order(StringComparer.Ordinal))
                text.Append("    ").Append(member).Append('\n');
        }

        return text.ToString();
    }

    private static string Head(Type type)
    {
        var kind = type switch
        {
            { IsEnum: true } => "enum",
            { IsInterface: true } => "interface",
            { IsValueType: true } => Has<IsReadOnlyAttribute>(type) ? "readonly struct" : "struct",
            { IsAbstract: true, IsSealed: true } => "static class",
            { IsAbstract: true } => "abstract class",
            { IsSealed: true } => "sealed class",
            _ => "class",
        };
        var bases = new List<string>();
        if (type.BaseType is { } parent && parent != typeof(object) && !type.IsValueType)
            bases.Add(Name(parent));

        bases.AddRange(
            type.GetInterfaces()
                .Where(i => i.IsVisible && !type.IsEnum)
                .Except(type.BaseType?.GetInterfaces() ?? [])
                .Select(i => Name(i))
                .Order(StringComparer.Ordinal)
        );
        var list = bases.Count == 0 ? "" : $" : {string.Join(", ", bases)}";
        return $"{Obsolete(type)}{kind} {type.Namespace}.{Name(type)}{list}{Constraints(type.GetGenericArguments())}";
    }

    private static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum)
        {
            return Enum.GetNames(type)
                .Select(name => $"{name} = {Convert.ToInt64(Enum.Parse(type, name), CultureInfo.InvariantCulture)}");
        }

        return
        [
            .. type.GetConstructors(Declared).Where(IsVisible).Select(Constructor),
            .. type.GetFields(Declared).Where(f => f.IsPublic || f.IsFamily || f.IsFamilyOrAssembly).Select(Field),
            .. type.GetProperties(Declared).Where(p => p.GetAccessors(nonPublic: true).Any(IsVisible)).Select(Property),
            .. type.GetEvents(Declared)
                .Where(e => IsVisible(e.AddMethod!))
                .Select(e => $"event {Name(e.EventHandlerType!)} {e.Name}"),
            .. type.GetMethods(Declared).Where(m => IsVisible(m) && !IsAccessor(m)).Select(Method),
        ];
    }

    private static string Constructor(ConstructorInfo constructor) =>
        $"{Modifiers(constructor)}{Plain(constructor.DeclaringType!)}({Parameters(constructor)})";

    private static string Field(FieldInfo field)
    {
        var kind = (field.IsLiteral, field.IsStatic, field.IsInitOnly) switch
        {
            (true, _, _) => "const ",
            (_, true, true) => "static readonly ",
            (_, true, _) => "static ",
            (_, _, true) => "readonly ",
            _ => "",
        };
        var value = field.IsLiteral ? $" = {Literal(field.GetRawConstantValue())}" : "";
        return $"{kind}{Name(field.FieldType, Nullability.Create(field))} {field.Name}{value}";
    }

    private static string Property(PropertyInfo property)
    {
        var get = property.GetMethod is { } getter && IsVisible(getter) ? "get; " : "";
        var set = property.SetMethod is { } setter && IsVisible(setter) ? $"{Setter(setter)}; " : "";
        var required = Has<RequiredMemberAttribute>(property) ? "required " : "";
        var accessor = property.GetAccessors(nonPublic: true).First(IsVisible);
        var index = property.GetIndexParameters();
        var name = index.Length == 0 ? property.Name : $"this[{string.Join(", ", index.Select(Parameter))}]";
        var type = Name(property.PropertyType, Nullability.Create(property));
        return $"{Obsolete(property)}{Modifiers(accessor)}{required}{type} {name} {{ {get}{set}}}";
    }

    private static string Setter(MethodInfo setter) =>
        setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? "init" : "set";

    private static string Method(MethodInfo method)
    {
        var arguments = method.GetGenericArguments();
        var generic = arguments.Length == 0 ? "" : $"<{string.Join(", ", arguments.Select(a => a.Name))}>";
        var type = Name(method.ReturnType, Nullability.Create(method.ReturnParameter));
        return $"{Obsolete(method)}{Modifiers(method)}{type} {method.Name}{generic}({Parameters(method)})"
            + Constraints(arguments);
    }

    private static string Modifiers(MethodBase method)
    {
        var isInterface = method.DeclaringType!.IsInterface;
        var access = method.IsPublic ? "" : "protected ";
        var kind = method switch
        {
            { IsStatic: true } => "static ",
            MethodInfo m when m.GetBaseDefinition() != m => "override ",
            { IsAbstract: true } when !isInterface => "abstract ",
            { IsVirtual: true, IsFinal: false } when !isInterface => "virtual ",
            _ => "",
        };
        return access + kind;
    }

    private static string Parameters(MethodBase method)
    {
        var self = Has<ExtensionAttribute>(method) ? "this " : "";
        return self + string.Join(", ", method.GetParameters().Select(Parameter));
    }

    private static string Parameter(ParameterInfo parameter)
    {
        var direction = parameter switch
        {
            { IsOut: true } => "out ",
            { ParameterType.IsByRef: true, IsIn: true } => "in ",
            { ParameterType.IsByRef: true } => "ref ",
            _ => "",
        };
        var type = parameter.ParameterType is { IsByRef: true } reference
            ? reference.GetElementType()!
            : parameter.ParameterType;
        var value = parameter.HasDefaultValue ? $" = {Literal(parameter.DefaultValue, type)}" : "";
        return $"{direction}{Name(type, Nullability.Create(parameter))} {parameter.Name}{value}";
    }

    private static string Constraints(Type[] arguments) =>
        string.Concat(
            arguments
                .Select(argument => (argument.Name, Rules: Rules(argument)))
                .Where(argument => argument.Rules.Count > 0)
                .Select(argument => $" where {argument.Name} : {string.Join(", ", argument.Rules)}")
        );

    private static List<string> Rules(Type argument)
    {
        var attributes = argument.GenericParameterAttributes;
        var isStruct = attributes.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint);
        var rules = new List<string>();
        if (attributes.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint))
            rules.Add("class");

        if (isStruct)
            rules.Add("struct");

        rules.AddRange(
            argument.GetGenericParameterConstraints().Where(t => t != typeof(ValueType)).Select(t => Name(t))
        );
        if (!isStruct && attributes.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint))
            rules.Add("new()");

        return rules;
    }

    private static string Name(Type type, NullabilityInfo? nullability = null)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return $"{Name(underlying, nullability?.GenericTypeArguments.FirstOrDefault())}?";

        var mark = CanBeAnnotated(type) && nullability?.ReadState == NullabilityState.Nullable ? "?" : "";
        if (type.IsArray)
            return $"{Name(type.GetElementType()!, nullability?.ElementType)}[]{mark}";

        if (!type.IsGenericType)
            return Plain(type) + mark;

        var arguments = type.GetGenericArguments()
            .Select((a, i) => Name(a, nullability?.GenericTypeArguments.ElementAtOrDefault(i)));
        return $"{Plain(type)}<{string.Join(", ", arguments)}>{mark}";
    }

    /// <summary>
    /// Reflection reports an unconstrained type parameter as nullable, since its argument may be.
    /// </summary>
    private static bool CanBeAnnotated(Type type) =>
        !type.IsValueType
        && (
            !type.IsGenericParameter
            || type.GenericParameterAttributes.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint)
        );

    private static string Plain(Type type) =>
        Type.GetTypeCode(type) switch
        {
            _ when type.IsEnum => type.Name,
            TypeCode.Boolean => "bool",
            TypeCode.Double => "double",
            TypeCode.Int32 => "int",
            TypeCode.Int64 => "long",
            TypeCode.String => "string",
            _ when type == typeof(object) => "object",
            _ when type == typeof(void) => "void",
            _ => type.Name.Split('`')[0],
        };

    private static string Literal(object? value, Type? type = null) =>
        value switch
        {
            null => type?.IsValueType == true && Nullable.GetUnderlyingType(type) is null ? "default" : "null",
            string text => $"\"{text}\"",
            bool flag => flag ? "true" : "false",
            _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };

    private static string Obsolete(MemberInfo member) => Has<ObsoleteAttribute>(member) ? "[Obsolete] " : "";

    private static bool IsAccessor(MethodInfo method) =>
        method.IsSpecialName && !method.Name.StartsWith("op_", StringComparison.Ordinal);

    private static bool IsVisible(MethodBase method) =>
        method.IsPublic
        || method is { DeclaringType.IsSealed: false } and ({ IsFamily: true } or { IsFamilyOrAssembly: true });

    private static bool Has<T>(MemberInfo member)
        where T : Attribute => member.IsDefined(typeof(T), inherit: false);
}
