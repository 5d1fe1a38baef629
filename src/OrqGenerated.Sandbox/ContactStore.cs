using System.Globalization;

namespace OrqGenerated.Sandbox;

/// <summary>
/// The contacts of the sandbox by external id. An absent field keeps its value; null or a value replaces it.
/// </summary>
internal sealed class ContactStore(TimeProvider time, int maxContacts)
{
    private readonly Lock _lock = new();
    private readonly Queue<string> _oldestFirst = new();

    // The JSON of each field.
    private readonly Dictionary<string, OrderedDictionary<string, string>> _contacts = new(StringComparer.Ordinal);
    private long _created;

    /// <summary>Creates or updates a contact.</summary>
    /// <returns>The stored contact as JSON.</returns>
    public string Upsert(ContactBody body)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow().ToString("'\"'yyyy-MM-dd'T'HH:mm:ss.fff'Z\"'", CultureInfo.InvariantCulture);
            if (!_contacts.TryGetValue(body.ExternalId, out var contact))
                contact = Add(body.ExternalId, now);
            foreach (var (name, json) in body.Fields)
                contact[name] = json;
            contact["updated"] = now;
            return $"{{{string.Join(',', contact.Select(field => $"\"{field.Key}\":{field.Value}"))}}}";
        }
    }

    private OrderedDictionary<string, string> Add(string externalId, string now)
    {
        if (_contacts.Count >= maxContacts)
            _contacts.Remove(_oldestFirst.Dequeue());
        _oldestFirst.Enqueue(externalId);
        // A counter with a ULID's length and characters: ids never collide, and are the same in every run.
        var id = (++_created).ToString("D26", CultureInfo.InvariantCulture);
        return _contacts[externalId] = new(StringComparer.Ordinal) { ["_id"] = $"\"{id}\"", ["created"] = now };
    }
}
