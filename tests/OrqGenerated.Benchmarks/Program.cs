using OrqGenerated;
using OrqGenerated.Benchmarks;

using var cancellation = new CancellationTokenSource();
var token = cancellation.Token;
using var http = Example.Client(new MemoryHandler(Example.ResponseJson));
using var client = new ContactsClient(
    Example.Client(new MemoryHandler(Example.ResponseJson)),
    new OrqClientOptions { ApiKey = Example.ApiKey }
);
var raw = new RawStj(http);
var nswag = new NSwagDefault.ContactsClient(http);
var ours = Example.Ours();
var rawRequest = Example.Raw();
var nswagRequest = Example.NSwag();
if (args is ["loop"])
{
    while (true)
        await client.CreateContactAsync(ours, null, token);
}
if (args is ["loopraw"])
{
    while (true)
        await raw.CreateAsync(rawRequest, token);
}
for (int i = 0; i < 3; i++)
{
    var a = await Measure.RatioAsync(
        () => client.CreateContactAsync(ours, null, token),
        () => raw.CreateAsync(rawRequest, token)
    );
    Console.WriteLine($"raw {a}");
}
Console.WriteLine(
    await Measure.OnceAsync(() => client.CreateContactAsync(ours, null, token), 20000)
);
Console.WriteLine(await Measure.OnceAsync(() => raw.CreateAsync(rawRequest, token), 20000));
var b = await Measure.RatioAsync(
    () => client.CreateContactAsync(ours, null, token),
    () => nswag.CreateContactAsync(nswagRequest, token)
);
Console.WriteLine($"nswag {b}");
