using System.Globalization;
using System.Text;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.Benchmarks;

/// <summary>The README's table, and the picture of it.</summary>
internal static class Plot
{
    private const string Us = "OrqGenerated";
    private const string Raw = "HttpClient + System.Text.Json by hand";
    private const string NSwag = "NSwag's own templates";
    private const string Node = "official Node SDK";
    private const int Width = 720;
    private const int LabelWidth = 270;
    private const int BarHeight = 22;

    public static async Task WriteAsync()
    {
        var figures = await Figures.MeasureAsync().ConfigureAwait(false);
        Panel[] panels =
        [
            new(
                "Time of a call in memory, µs (less is better)",
                "F1",
                [
                    (Us, Median(figures.VsRaw, c => c[0].Microseconds)),
                    (Raw, Median(figures.VsRaw, c => c[1].Microseconds)),
                    (NSwag, Median(figures.VsNSwag, c => c[1].Microseconds)),
                ]
            ),
            new(
                "Allocated by a call in memory, bytes (less is better)",
                "N0",
                [
                    (Us, Median(figures.VsRaw, c => c[0].Bytes)),
                    (Raw, Median(figures.VsRaw, c => c[1].Bytes)),
                    (NSwag, Median(figures.VsNSwag, c => c[1].Bytes)),
                ]
            ),
            new(
                "Calls per second over loopback, 64 at a time (more is better)",
                "N0",
                [
                    (Us, Median(figures.Loopback, t => t.Ours)),
                    (Raw, Median(figures.Loopback, t => t.Raw)),
                    (Node, Median(figures.Loopback, t => t.Node)),
                ]
            ),
        ];

        Console.WriteLine("| | figure |");
        Console.WriteLine("|---|---:|");
        foreach (var (name, figure) in figures.Ratios())
        {
            Console.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"| {name} | {figure:F2} |")
            );
        }

        var path = Repository.PathTo("tests", "OrqGenerated.Benchmarks", "ratios.svg");
        await File.WriteAllTextAsync(path, Svg(panels)).ConfigureAwait(false);
        await Console.Error.WriteLineAsync($"Wrote {path}").ConfigureAwait(false);
    }

    private static double Median<T>(List<T> rounds, Func<T, double> figure) =>
        Measure.Median(rounds.Select(figure));

    private static string Svg(Panel[] panels)
    {
        var body = new StringBuilder();
        var y = 30;
        foreach (var panel in panels)
        {
            Line($"<text x=\"16\" y=\"{y}\" font-weight=\"600\">{panel.Title}</text>");
            y += 12;
            var largest = panel.Bars.Max(bar => bar.Value);
            foreach (var (name, value) in panel.Bars.Where(bar => !double.IsNaN(bar.Value)))
            {
                var width = Math.Max(2, value / largest * (Width - LabelWidth - 90));
                var text = value.ToString(panel.Format, CultureInfo.InvariantCulture);
                var colour = name is Us ? "#0a6cbd" : "#9aa7b4";
                Line(
                    $"<text x=\"{LabelWidth - 8}\" y=\"{y + 15}\" text-anchor=\"end\">{name}</text>"
                );
                Line(
                    $"<rect x=\"{LabelWidth}\" y=\"{y}\" width=\"{width:F0}\" height=\"{BarHeight - 4}\" fill=\"{colour}\"/>"
                );
                Line($"<text x=\"{LabelWidth + width + 6:F0}\" y=\"{y + 15}\">{text}</text>");
                y += BarHeight;
            }

            y += 32;
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {y
                - 28}" font-family="sans-serif" font-size="13" fill="#1f2328">
            <rect width="100%" height="100%" fill="#ffffff"/>
            {body}</svg>

            """
        );

        void Line(FormattableString line) =>
            body.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }

    /// <summary>Bars of one unit.</summary>
    private sealed record Panel(string Title, string Format, (string Name, double Value)[] Bars);
}
