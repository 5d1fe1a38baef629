using System.Reflection;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests;

/// <summary>Rules that every public type follows, handwritten or generated.</summary>
internal sealed class ConventionTests
{
    private static readonly Type[] PublicTypes = typeof(ContactsClient).Assembly.GetExportedTypes();

    private static IEnumerable<Type> Clients =>
        PublicTypes.Where(type => type.Name.EndsWith("Client", StringComparison.Ordinal));

    private static IEnumerable<Type> Exceptions => PublicTypes.Where(type => type.IsAssignableTo(typeof(Exception)));

    private static IEnumerable<Type> Models =>
        PublicTypes.Where(type => type.GetCustomAttribute<Newtonsoft.Json.JsonConverterAttribute>() is not null);

    [Test]
    public void The_rules_find_types_to_check()
    {
        Assert.That(Clients, Has.Member(typeof(ContactsClient)).And.Member(typeof(IContactsClient)));
        Assert.That(Models, Has.Member(typeof(CreateContactRequestBody)));
        Assert.That(Exceptions.Count(), Is.EqualTo(12));
    }

    [TestCase("src")]
    [TestCase("build")]
    [TestCase("tests")]
    [TestCase("samples")]
    public void Lines_have_at_most_120_characters(string folder)
    {
        var longLines = Directory
            .EnumerateFiles(Repository.PathTo(folder), "*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is ".cs" or ".liquid" or ".proj" or ".targets")
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin"))
            .SelectMany(file => File.ReadLines(file), (file, line) => (file, line))
            .Where(item => item.line.Length > 120);

        Assert.That(longLines, Is.Empty);
    }

    [Test]
    public void Asynchronous_methods_end_in_Async_and_take_a_CancellationToken_last()
    {
        var methods = Clients.SelectMany(type =>
            type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        );
        foreach (var method in methods.Where(method => method.ReturnType.IsAssignableTo(typeof(Task))))
        {
            var last = method.GetParameters()[^1];
            Assert.That(last.ParameterType, Is.EqualTo(typeof(CancellationToken)), method.Name);
            Assert.That(last.HasDefaultValue, Is.True, method.Name);
            Assert.That(method.Name, Does.EndWith("Async"));
        }
    }

    [Test]
    public void Every_operation_takes_options_and_has_a_WithResponse_variant()
    {
        foreach (var method in Clients.Where(type => type.IsInterface).SelectMany(type => type.GetMethods()))
        {
            Assert.That(
                method.GetParameters().Select(parameter => parameter.ParameterType),
                Has.Member(typeof(OrqRequestOptions)),
                method.Name
            );
            var plain = method.Name.Replace("WithResponse", "", StringComparison.Ordinal);
            var withResponse = plain.Replace("Async", "WithResponseAsync", StringComparison.Ordinal);
            Assert.That(method.DeclaringType!.GetMethod(plain), Is.Not.Null, method.Name);
            Assert.That(method.DeclaringType.GetMethod(withResponse), Is.Not.Null, method.Name);
        }
    }

    [Test]
    public void Every_client_has_the_four_constructors_and_is_disposable()
    {
        foreach (var client in Clients.Where(type => type.IsClass))
        {
            Assert.That(
                client
                    .GetConstructors()
                    .Select(constructor =>
                        string.Join(", ", constructor.GetParameters().Select(parameter => parameter.ParameterType.Name))
                    ),
                Is.EquivalentTo(["", "String", "OrqClientOptions", "HttpClient, OrqClientOptions"]),
                client.Name
            );
            Assert.That(client.IsAssignableTo(typeof(IDisposable)), Is.True, client.Name);
            Assert.That(client.GetInterface("I" + client.Name), Is.Not.Null, client.Name);
        }
    }

    [Test]
    public void Users_can_create_every_exception()
    {
        foreach (var type in Exceptions.Where(type => !type.IsAbstract))
        {
            var constructor = type.GetConstructors().Single();
            var exception = (OrqException)
                constructor.Invoke([
                    .. constructor
                        .GetParameters()
                        .Select(parameter =>
                            parameter.ParameterType == typeof(string) ? "what happened"
                            : parameter.HasDefaultValue ? parameter.DefaultValue
                            : 418
                        ),
                ]);

            Assert.That(exception.Message, Is.EqualTo("what happened"), type.Name);
            Assert.That(exception.Attempts, Is.EqualTo(1), type.Name);
            foreach (var property in type.GetProperties().Where(p => p.DeclaringType != typeof(Exception)))
            {
                Assert.That(
                    property.CanWrite || property.Name == "StatusCode",
                    Is.True,
                    $"{type.Name}.{property.Name} cannot be set"
                );
                Assert.That(() => property.GetValue(exception), Throws.Nothing, $"{type.Name}.{property.Name}");
            }
        }
    }

    [Test]
    public void An_exception_has_the_status_of_its_class()
    {
        Assert.That(new OrqBadRequestException("no").StatusCode, Is.EqualTo(400));
        Assert.That(new OrqBadRequestException("no", 422).StatusCode, Is.EqualTo(422));
        Assert.That(new OrqAuthenticationException("no").StatusCode, Is.EqualTo(401));
        Assert.That(new OrqPermissionException("no").StatusCode, Is.EqualTo(403));
        Assert.That(new OrqNotFoundException("no").StatusCode, Is.EqualTo(404));
        Assert.That(new OrqConflictException("no").StatusCode, Is.EqualTo(409));
        Assert.That(new OrqRateLimitException("no").StatusCode, Is.EqualTo(429));
        Assert.That(new OrqServerException("no").StatusCode, Is.EqualTo(500));
    }

    [Test]
    public void Properties_left_unset_are_empty()
    {
        var api = new OrqApiException("no", 400);
        var response = new OrqResponseException("no", 200);

        Assert.That(new[] { api.Body, response.Body, response.Path, response.Expected }, Is.All.Empty);
        Assert.That(api.Headers, Is.Empty);
        Assert.That(new OrqResponse(204).Headers, Is.Empty);
    }

    [Test]
    public void Users_can_create_a_response()
    {
        var contact = StoredContact.Of("a");
        var response = new OrqResponse<CreateContactResponseBody>(contact, 201)
        {
            Attempts = 2,
            Headers = new Dictionary<string, string>(StringComparer.Ordinal) { ["x-request-id"] = "id" },
        };

        Assert.That(response.Value, Is.SameAs(contact));
        Assert.That((response.StatusCode, response.Attempts, response.RequestId), Is.EqualTo((201, 2, "id")));
        Assert.That(new OrqResponse<string>("a").StatusCode, Is.EqualTo(200));
        Assert.That(new OrqResponse<string>("a").RequestId, Is.Null);
        Assert.That(contact.AdditionalProperties, Is.Empty);
    }

    [Test]
    public void Every_exception_derives_from_OrqException_and_only_the_root_is_abstract()
    {
        foreach (var type in Exceptions)
        {
            Assert.That(type.IsAssignableTo(typeof(OrqException)), Is.True, type.Name);
            Assert.That(type.IsAbstract, Is.EqualTo(type == typeof(OrqException)), type.Name);
        }
    }

    [Test]
    public void URLs_in_models_are_strings()
    {
        foreach (var property in Models.SelectMany(type => type.GetProperties()))
        {
            Assert.That(
                property.PropertyType.ToString(),
                Does.Not.Contain("System.Uri"),
                $"{property.DeclaringType!.Name}.{property.Name}"
            );
        }
    }

    [Test]
    public void Models_print_only_their_type_name()
    {
        foreach (var model in Models.Where(type => type.IsClass))
        {
            Assert.That(
                model.GetMethod("ToString", Type.EmptyTypes)!.DeclaringType,
                Is.EqualTo(typeof(object)),
                model.Name
            );
        }
    }

    [Test]
    public void Names_are_PascalCase_and_there_are_no_public_fields()
    {
        foreach (var type in PublicTypes)
        {
            Assert.That(type.Name, Does.Match("^[A-Z][A-Za-z0-9]*(`[0-9])?$"));
            Assert.That(
                type.GetFields(BindingFlags.Public | BindingFlags.Instance).Where(field => !type.IsEnum),
                Is.Empty,
                type.Name
            );
            foreach (
                var property in type.GetProperties(
                    BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.Instance
                )
            )
            {
                Assert.That(property.Name, Does.Match("^[A-Z][A-Za-z0-9]*$"), type.Name);
            }
        }
    }

    [Test]
    public void Everything_public_is_in_one_namespace() =>
        Assert.That(PublicTypes.Select(type => type.Namespace).Distinct(), Is.EqualTo(["OrqGenerated"]));
}
