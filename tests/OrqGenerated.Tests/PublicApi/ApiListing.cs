using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace OrqGenerated.Tests.PublicApi;

/// <summary>
/// The public API of an assembly as C#: a line for each type and member that a user can refer to or override, in order
/// of their names.
/// </summary>
internal static class ApiListing
{
    private static readonly SymbolDisplayFormat BaseFormat = SymbolDisplayFormat.CSharpErrorMessageFormat;

    private static readonly SymbolDisplayFormat TypeFormat = BaseFormat
        .WithKindOptions(SymbolDisplayKindOptions.IncludeTypeKeyword)
        .AddGenericsOptions(SymbolDisplayGenericsOptions.IncludeTypeConstraints);

    private static readonly SymbolDisplayFormat MemberFormat = new(
        genericsOptions: TypeFormat.GenericsOptions,
        memberOptions: SymbolDisplayMemberOptions.IncludeAccessibility
            | SymbolDisplayMemberOptions.IncludeModifiers
            | SymbolDisplayMemberOptions.IncludeRef
            | SymbolDisplayMemberOptions.IncludeType
            | SymbolDisplayMemberOptions.IncludeParameters
            | SymbolDisplayMemberOptions.IncludeConstantValue,
        parameterOptions: SymbolDisplayParameterOptions.IncludeExtensionThis
            | SymbolDisplayParameterOptions.IncludeParamsRefOut
            | SymbolDisplayParameterOptions.IncludeType
            | SymbolDisplayParameterOptions.IncludeName
            | SymbolDisplayParameterOptions.IncludeDefaultValue,
        propertyStyle: SymbolDisplayPropertyStyle.ShowReadWriteDescriptor,
        miscellaneousOptions: TypeFormat.MiscellaneousOptions
    );

    public static string Of(string assembly)
    {
        var compilation = CSharpCompilation.Create("Api", references: CompilerReferences.All);
        var library = compilation.SourceModule.ReferencedAssemblySymbols.Single(symbol => symbol.Name == assembly);
        var types = Types(library.GlobalNamespace).OrderBy(type => type.ToDisplayString(), StringComparer.Ordinal);
        return string.Join('\n', types.Select(Listing));
    }

    private static IEnumerable<INamedTypeSymbol> Types(INamespaceOrTypeSymbol container)
    {
        var types = container.GetTypeMembers().Where(IsVisible);
        var containers = container.GetMembers().OfType<INamespaceSymbol>().Concat<INamespaceOrTypeSymbol>(types);
        return types.Concat(containers.SelectMany(Types));
    }

    private static string Listing(INamedTypeSymbol type)
    {
        var members = type.GetMembers()
            .Where(member => member is not (INamedTypeSymbol or IMethodSymbol { AssociatedSymbol: not null }))
            .Where(IsVisible)
            .Select(member => $"    {Obsolete(member)}{member.ToDisplayString(MemberFormat)}\n");
        return $"{Head(type)}\n{string.Concat(members.Order(StringComparer.Ordinal))}";
    }

    private static string Head(INamedTypeSymbol type)
    {
        var modifier =
            type.IsStatic ? "static "
            : type is { IsAbstract: true, TypeKind: TypeKind.Class } ? "abstract "
            : type is { IsSealed: true, TypeKind: TypeKind.Class } ? "sealed "
            : "";
        var name = type.ToDisplayString(TypeFormat);
        var bases = type.Interfaces.Where(IsVisible);
        if (type.BaseType is { SpecialType: SpecialType.None } parent)
            bases = bases.Prepend(parent);

        var list = string.Join(", ", bases.Select(symbol => symbol.ToDisplayString(BaseFormat)));
        return $"{Obsolete(type)}{modifier}{name}{(list == "" ? "" : $" : {list}")}";
    }

    private static string Obsolete(ISymbol symbol) =>
        symbol.GetAttributes().Any(data => data.AttributeClass?.Name == nameof(ObsoleteAttribute)) ? "[Obsolete] " : "";

    private static bool IsVisible(ISymbol symbol) =>
        symbol.DeclaredAccessibility == Accessibility.Public
        || (
            symbol.DeclaredAccessibility is Accessibility.Protected or Accessibility.ProtectedOrInternal
            && symbol.ContainingType is { IsSealed: false }
        );
}
