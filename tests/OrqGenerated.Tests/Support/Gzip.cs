using System.IO.Compression;
using System.Text;

namespace OrqGenerated.Tests.Support;

/// <summary>Compressed bodies.</summary>
internal static class Gzip
{
    public static byte[] Compress(string text) => Compress(Encoding.UTF8.GetBytes(text));

    public static byte[] Compress(byte[] data)
    {
        using var result = new MemoryStream();
        using (var gzip = new GZipStream(result, CompressionLevel.Fastest))
        {
            gzip.Write(data);
        }

        return result.ToArray();
    }
}
