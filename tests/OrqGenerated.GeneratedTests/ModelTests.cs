using System.Reflection;
using Newtonsoft.Json;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.GeneratedTests;

/// <summary>The values that generated models read, write, keep and refuse.</summary>
internal sealed class ModelTests : GeneratedTest
{
    private static readonly string Required = """
        "id":"t1","state":"new","note":null,"size":{"width":1.5},"anything":null,"count":1,"ratio":0.5,"active":true,
        "day":"2024-01-15","when":"2024-01-15T10:30:00Z","list":[1]
        """.ReplaceLineEndings("");

    private static readonly string Whole =
        $"{{{Required},"
        + """
            "small":-5,"single":1.5,"price":1.10,"maybe_flag":null,"maybe_state":"broken","blob":"AQL/",
            "guid":"not-checked","link":"relative/too","time":"10:30:00","period":"P1D",
            "parts":[{"name":"leg","size":{"width":2.5,"unit":"mm"},"parts":[{"name":"toe","new":[1]}],
            "by_name":{"x":{"name":"nail"}}}],
            "labels":{"a":"b"},"counts":{"a":1},"states":["new","unknown"],"states_by_name":{"a":"2nd hand"},
            "sizes":[{"width":3.5}],"matrix":[[1.5,2.5],[]],"lists_by_name":{"a":["b"]},
            "anythings":[null,1,"a",{"b":[true]}],"grid":[[1,null],null],"maybe_words":["a",null],
            "maybe_numbers":[null,1],"maybe_by_name":{"a":null,"b":"c"},"maybe_sizes":[null,{"width":1.5}],
            "maybe_states":[null,"new"],"maybe_flags":{"a":[null,true]},"extra":{"a":1.10},
            "first-name":"1","first_name":"2","FirstName":"3","1st":"4","@type":"5","a.b":"6","größe":"7","class":"8",
            "thing":"9","value":"10","name":"11","reader":"12","others":"13","equals":"14",
            "additional_properties":"15","old":"16","quote\"and\\slash":"17","unknown":{"x":[1,null]}}
            """.ReplaceLineEndings("");

    private static IEnumerable<TestCaseData> Mistyped =>
        [
            new("\"small\":1.5"),
            new("\"single\":\"1.5\""),
            new("\"price\":1e40"),
            new("\"maybe_flag\":\"true\""),
            new("\"maybe_state\":5"),
            new("\"blob\":\"not base64!\""),
            new("\"guid\":5"),
            new("\"parts\":{}"),
            new("\"parts\":[{}]"),
            new("\"parts\":[{\"name\":\"a\",\"by_name\":5},{\"name\":null}]"),
            new("\"labels\":{\"a\":5}"),
            new("\"counts\":{\"a\":1,\"b\":null}"),
            new("\"states\":[\"new\",5]"),
            new("\"states_by_name\":{\"a\":null}"),
            new("\"sizes\":[{\"width\":1},null]"),
            new("\"matrix\":[[1],[\"a\"]]"),
            new("\"lists_by_name\":{\"a\":\"b\"}"),
            new("\"anythings\":{}"),
            new("\"maybe_words\":[\"a\",null,5]"),
            new("\"maybe_numbers\":[1,null,\"a\"]"),
        ];

    private static IEnumerable<TestCaseData> MissingOrMistyped =>
        [
            new("\"id\":\"t1\"", "\"id\":null", "id"),
            new("\"state\":\"new\"", "\"state\":5", "state"),
            new("\"note\":null", "\"note\":5", "note"),
            new("\"size\":{\"width\":1.5}", "\"size\":{\"width\":\"1\"}", "size.width"),
            new("\"size\":{\"width\":1.5}", "\"size\":{}", "size.width"),
            new("\"size\":{\"width\":1.5}", "\"size\":null", "size"),
            new("\"count\":1", "\"count\":1.5", "count"),
            new("\"ratio\":0.5", "\"ratio\":\"0.5\"", "ratio"),
            new("\"active\":true", "\"active\":1", "active"),
            new("\"day\":\"2024-01-15\"", "\"day\":\"2024-01-15T00:00:00Z\"", "day"),
            new("\"when\":\"2024-01-15T10:30:00Z\"", "\"when\":\"soon\"", "when"),
            new("\"list\":[1]", "\"list\":[1,2,\"3\"]", "list[2]"),
        ];

    [Test]
    public async Task Every_kind_of_field_round_trips()
    {
        Server.Responds(201, Whole);

        var thing = await Things.CreateThingAsync(NewThing);

        Assert.That(JsonConvert.SerializeObject(thing), Is.EqualTo(Whole));
        Assert.That(thing.Parts![0].Parts![0].AdditionalProperties, Does.ContainKey("new"));
        Assert.That(thing.Price, Is.EqualTo(1.10m));
        Assert.That(thing.Blob, Is.EqualTo(new byte[] { 1, 2, 255 }));
        Assert.That(thing.FirstName, Is.EqualTo("1"));
        Assert.That(thing.FirstName2, Is.EqualTo("2"));
        Assert.That(thing.FirstName3, Is.EqualTo("3"));
        Assert.That(thing.MaybeFlag.IsSet, Is.True);
        Assert.That(thing.AdditionalProperties.Keys, Is.EqualTo(["unknown"]));
    }

    [TestCaseSource(nameof(Mistyped))]
    public void An_optional_field_of_the_wrong_kind_is_kept_raw(string field)
    {
        var thing = Read("{" + Required + "," + field + "}");

        var name = field.Split('"')[1];
        Assert.That(thing.AdditionalProperties.Keys, Is.EqualTo([name]));
        Assert.That(typeof(Thing).GetProperty(Pascal(name))!.GetValue(thing), Is.Null.Or.Property("IsSet").False);
        var expected = field.Contains("e40") ? name : field;
        Assert.That(JsonConvert.SerializeObject(thing), Does.Contain(expected));
    }

    [Test]
    public void An_invalid_optional_field_of_a_nested_object_leaves_the_rest_intact()
    {
        var thing = Read("{" + Required + ",\"parts\":[{\"name\":\"leg\",\"size\":{\"width\":2,\"unit\":5}}]}");

        Assert.That(thing.Parts![0].Size!.Width, Is.EqualTo(2));
        Assert.That(thing.Parts[0].Size!.Unit, Is.Null);
        Assert.That(thing.Parts[0].Size!.AdditionalProperties["unit"], Is.EqualTo(5));
    }

    [TestCaseSource(nameof(MissingOrMistyped))]
    public void A_required_field_that_is_missing_or_of_the_wrong_kind_fails_the_call(
        string right,
        string wrong,
        string path
    )
    {
        var json = "{" + Required + "}";
        Assert.That(json, Does.Contain(right));

        Assert.That(FailureOf(json.Replace(right, wrong)).Path, Is.EqualTo(path));
        Assert.That(FailureOf(json.Replace(right, "\"x\":1")).Path, Is.EqualTo(path.Split('.', '[')[0]));
    }

    [Test]
    public void A_request_distinguishes_absent_null_and_a_value()
    {
        var request = NewThing;
        request.NullableCount = 5;
        request.NullableFlag = null;
        request.NullableList = new List<string> { "a" };
        request.NullableMap = new Dictionary<string, long> { ["a"] = 1 };
        request.NullableDay = new DateOnly(2024, 1, 15);
        request.Blob = [1, 2, 255];
        request.When = new DateTimeOffset(2024, 1, 15, 10, 30, 0, TimeSpan.Zero);
        var json = JsonConvert.SerializeObject(request);

        Assert.That(
            json,
            Is.EqualTo(
                """
                {"name":"n","state":"new","note":null,"anything":null,"codes":["c"],"part":{"name":"leg"},
                "nullable_count":5,"nullable_flag":null,"nullable_list":["a"],"nullable_map":{"a":1},
                "nullable_day":"2024-01-15","blob":"AQL/","when":"2024-01-15T10:30:00Z"}
                """.ReplaceLineEndings("")
            )
        );
        Assert.That(
            JsonConvert.SerializeObject(JsonConvert.DeserializeObject<CreateThingRequestBody>(json)),
            Is.EqualTo(json)
        );
    }

    [Test]
    public async Task Checks_nested_parts_of_a_request()
    {
        await AssertRefusedAsync(r => r.Name = null!, "name must not be null");
        await AssertRefusedAsync(r => r.Codes = null!, "codes must not be null");
        await AssertRefusedAsync(r => r.Codes = ["a", null!], "codes[1] must not be null");
        await AssertRefusedAsync(r => r.Part = null!, "part must not be null");
        await AssertRefusedAsync(r => r.Part.Name = "x", "part.name must have at least 2 characters");
        await AssertRefusedAsync(
            r => r.Parts = [new() { Name = "ok" }, new() { Name = "too long" }],
            "parts[1].name must have at most 5 characters"
        );
        await AssertRefusedAsync(r => r.Parts = [null!], "parts[0] must not be null");
        await AssertRefusedAsync(
            r => r.Part.ByName = new Dictionary<string, Part> { ["a"] = new() { Name = "" } },
            "part.by_name.a.name must have at least 2"
        );
        await AssertRefusedAsync(r => r.NullableList = new List<string> { null! }, "nullable_list[0] must not be null");
        await AssertRefusedAsync(r => r.Ratio = double.NaN, "ratio must be a finite number");
        await AssertRefusedAsync(
            r => r.Part.Size = new() { Width = double.PositiveInfinity },
            "part.size.width must be a finite number"
        );
        await AssertRefusedAsync(r => r.Anything = double.NaN, "anything must be a finite number");
        await AssertRefusedAsync(
            r => r.Part.AdditionalProperties = new Dictionary<string, object?> { ["x"] = double.NaN },
            "part.x must be a finite number"
        );
    }

    [Test]
    public async Task Refuses_a_model_that_contains_itself()
    {
        await AssertRefusedAsync(r => r.Part.Parts = [r.Part], "part.parts[0].parts[0]");
        await AssertRefusedAsync(
            r => r.Part.ByName = new Dictionary<string, Part> { ["a"] = r.Part },
            "part.by_name.a.by_name.a"
        );
    }

    [Test]
    public void An_enum_keeps_unknown_values()
    {
        var thing = Read(Whole);

        Assert.That(thing.State, Is.EqualTo(State.New));
        Assert.That(thing.States![1], Is.EqualTo(new State("unknown")));
        Assert.That(thing.States[1].ToString(), Is.EqualTo("unknown"));
        Assert.That(thing.StatesByName!["a"] == State.N2ndHand, Is.True);
        Assert.That(State.New != State.NEW, Is.True);
        Assert.That(default(State), Is.EqualTo(new State("")));
    }

    [Test]
    public void An_enum_is_a_string_in_a_custom_type()
    {
        var json = JsonConvert.SerializeObject(new Holder { State = State.InUse });

        Assert.That(json, Is.EqualTo("""{"State":"in-use","None":null}"""));
        Assert.That(JsonConvert.DeserializeObject<Holder>(json)!.State, Is.EqualTo(State.InUse));
    }

    [Test]
    public void A_property_may_have_any_name()
    {
        var awkward = """
            {"json_codec":"1","mismatch":null,"video":{"a":"b"},"video_codec":"2","video_value":"3","_video":"4",
            "invalid":"5","awkward":"6","awkward_codec":"7","codec":"8","json_any":[9],"json_token_type":"10",
            "utf8_json_reader":"11","dictionary":["12"],"optional":null,"string":"13",
            "date_time_offset":"2024-01-15T10:30:00Z","writer":"14","P&L":1.5,"<b>":"15","separator":"\n"}
            """.ReplaceLineEndings("");

        var thing = Read("{" + Required + ",\"awkward\":" + awkward + "}");

        Assert.That(JsonConvert.SerializeObject(thing.Awkward), Is.EqualTo(awkward));
        Assert.That(thing.Awkward!.AdditionalProperties, Is.Empty);
        Assert.That(thing.Awkward.Video2, Is.EqualTo("4"), "_video, of two that are Video in C#");
        Assert.That(thing.Awkward.Separator, Is.EqualTo(Separator.N));
    }

    [Test]
    public async Task Sends_additional_properties_where_the_document_allows_them()
    {
        Server.Responds(200, """{"id":"j1"}""");

        await Jobs.StartJobAsync(
            new()
            {
                Event = "e",
                Retries = null,
                AdditionalProperties = new Dictionary<string, object?> { ["color"] = "red" },
            }
        );

        Assert.That(Request.Body, Is.EqualTo("""{"event":"e","retries":null,"color":"red"}"""));
        Assert.That(typeof(CreateThingRequestBody).GetProperty("AdditionalProperties"), Is.Null);
    }

    [Test]
    public void Responses_have_no_tri_state_and_are_written_unchecked()
    {
        var job = new Job { Id = "longer than two", Retries = 1 };

        Assert.That(JsonConvert.SerializeObject(job), Is.EqualTo("""{"id":"longer than two","retries":1}"""));
    }

    [Test]
    public void Generated_code_looks_handwritten()
    {
        var code = File.ReadAllText(
            typeof(ModelTests)
                .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
                .Single(a => a.Key == "GeneratedFile")
                .Value!
        );

        Assert.That(code, Does.Not.Contain("#pragma"));
        Assert.That(code, Does.Not.Match("[ \t]\n"), "blanks at a line's end");
        Assert.That(code, Does.Not.Contain("\n\n\n"), "two blank lines in a row");
        Assert.That(code, Does.Not.Contain("{\n\n"), "a blank line after a brace");
        Assert.That(code, Does.Not.Match("\n    }\n    [^ ]"), "no blank line between members");
        Assert.That(code, Does.Not.Match(";\n    ///"), "no blank line between members");
    }

    /// <summary>The thing in a response; Newtonsoft's own reader would round numbers first.</summary>
    private Thing Read(string json)
    {
        Server.Responds(200, json);
        return Things.RetrieveThingAsync("t1", [], "tenant").GetAwaiter().GetResult();
    }

    private OrqResponseException FailureOf(string json)
    {
        Server.Responds(200, json);
        return Assert.ThrowsAsync<OrqResponseException>(() => Things.RetrieveThingAsync("t1", [], "tenant"))!;
    }

    private async Task AssertRefusedAsync(Action<CreateThingRequestBody> change, string message)
    {
        var request = NewThing;
        change(request);

        var exception = await Expect.ExceptionAsync<ArgumentException>(() => Things.CreateThingAsync(request));

        Assert.That(exception.Message, Does.StartWith(message));
        Assert.That(Server.Requests, Is.Empty);
    }

    private static string Pascal(string name) =>
        string.Concat(name.Split('_').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));

    private sealed class Holder
    {
        public State State { get; set; }

        public State? None { get; set; }
    }
}
