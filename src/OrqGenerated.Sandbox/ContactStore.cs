using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace OrqGenerated.Sandbox;

/// <summary>
/// The contacts of the sandbox by external id: absent leaves a field as it is, null and a value replace it.
/// </summary>
internal sealed class ContactStore(TimeProvider time, int maxContacts)
{
    private const string Crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    private static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        // Stored values were checked when they came in.
        SkipValidation = true,
    };

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Contact> _contacts = new(StringComparer.Ordinal);
    private readonly Queue<string> _oldestFirst = new();
    private ulong _created;

    /// <summary>Creates or updates a contact and writes it as it is stored now.</summary>
    public void Upsert(ContactBody body, IBufferWriter<byte> output)
    {
        Contact contact;
        lock (_lock)
        {
            var now = time.GetUtcNow();
            contact = _contacts.TryGetValue(body.ExternalId, out var stored)
                ? stored.With(body, now)
                : Add(Contact.Create(NewId(now), body, now), body.ExternalId);
            _contacts[body.ExternalId] = contact;
        }

        contact.WriteTo(output, body.ExternalId);
    }

    private Contact Add(Contact contact, string externalId)
    {
        if (_contacts.Count >= maxContacts)
            _contacts.Remove(_oldestFirst.Dequeue());
        if (maxContacts != int.MaxValue)
            _oldestFirst.Enqueue(externalId);
        return contact;
    }

    // A ULID: 48 bits of milliseconds, then 80 bits that are a count here instead of chance, so ids never collide
    // and repeat from run to run.
    private string NewId(DateTimeOffset now) =>
        string.Create(
            26,
            (Time: (ulong)now.ToUnixTimeMilliseconds(), Count: ++_created),
            static (span, id) =>
            {
                for (var i = 9; i >= 0; i--, id.Time >>= 5)
                    span[i] = Crockford[(int)(id.Time & 31)];
                for (var i = 25; i >= 10; i--, id.Count >>= 5)
                    span[i] = Crockford[(int)(id.Count & 31)];
            }
        );

    private sealed record Contact(string Id, string Created, string Updated, Dictionary<string, string> Fields)
    {
        public static Contact Create(string id, ContactBody body, DateTimeOffset now) =>
            new(id, Format(now), Format(now), body.Fields);

        public Contact With(ContactBody body, DateTimeOffset now)
        {
            var fields = new Dictionary<string, string>(Fields, StringComparer.Ordinal);
            foreach (var (name, json) in body.Fields)
                fields[name] = json;
            return this with { Fields = fields, Updated = Format(now) };
        }

        public void WriteTo(IBufferWriter<byte> output, string externalId)
        {
            using var writer = new Utf8JsonWriter(output, WriterOptions);
            writer.WriteStartObject();
            writer.WriteString("_id"u8, Id);
            writer.WriteString("external_id"u8, externalId);
            foreach (var name in ContactBody.FieldNames)
            {
                if (Fields.TryGetValue(name, out var json))
                {
                    writer.WritePropertyName(name);
                    writer.WriteRawValue(json, skipInputValidation: true);
                }
            }

            writer.WriteString("created"u8, Created);
            writer.WriteString("updated"u8, Updated);
            writer.WriteEndObject();
        }

        private static string Format(DateTimeOffset time) =>
            time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
    }
}
