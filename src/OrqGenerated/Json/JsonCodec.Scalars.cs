using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using Newtonsoft.Json;

namespace OrqGenerated.Internal;

// The codecs of single values.
internal static partial class JsonCodec
{
    private sealed class StringCodec : JsonCodec<string>
    {
        public override bool TryRead(
            ref OrqJsonReader reader,
            [MaybeNullWhen(false)] out string value
        )
        {
            value = reader.GetString();
            return value is not null || reader.Fail("a string");
        }

        public override void Write(JsonWriter writer, string value) => writer.WriteValue(value);

        public override Invalid? Check(string value, int depth) => Invalid.Null(value, "");
    }

    private sealed class BooleanCodec : JsonCodec<bool>
    {
        public override bool TryRead(ref OrqJsonReader reader, out bool value)
        {
            var flag = reader.GetBoolean();
            value = flag == true;
            return flag is not null || reader.Fail("true or false");
        }

        public override void Write(JsonWriter writer, bool value) => writer.WriteValue(value);
    }

    private sealed class IntegerCodec : JsonCodec<long>
    {
        public override bool TryRead(ref OrqJsonReader reader, out long value)
        {
            if (reader.TryGetInteger(out value))
            {
                return true;
            }

            // JSON knows no integers: 1.0, 1e3 and -0.0 are whole numbers as well.
            switch (reader.GetNumber())
            {
                case decimal number
                    when decimal.IsInteger(number)
                        && number is >= long.MinValue and <= long.MaxValue:
                    value = (long)number;
                    return true;
                case double when reader.IsZero:
                    value = 0;
                    return true;
                default:
                    return reader.Fail("a whole number of 64 bits");
            }
        }

        public override void Write(JsonWriter writer, long value) => writer.WriteValue(value);
    }

    private sealed class NumberCodec : JsonCodec<double>
    {
        public override bool TryRead(ref OrqJsonReader reader, out double value) =>
            reader.TryGetDouble(out value) || reader.Fail("a number");

        public override void Write(JsonWriter writer, double value) =>
            JsonAny.WriteDouble(writer, value);

        public override Invalid? Check(double value, int depth) =>
            double.IsFinite(value) ? null : new Invalid("", "must be a finite number");
    }

    private sealed class DecimalCodec : JsonCodec<decimal>
    {
        private static readonly BigInteger LargestDecimal = new(decimal.MaxValue);

        public override bool TryRead(ref OrqJsonReader reader, out decimal value)
        {
            switch (reader.GetNumber())
            {
                case long integer:
                    value = integer;
                    return true;
                case decimal number:
                    value = number;
                    return true;
                case BigInteger integer when BigInteger.Abs(integer) <= LargestDecimal:
                    value = (decimal)integer;
                    return true;
                case double when reader.IsZero:
                    value = 0;
                    return true;
                default:
                    value = 0;
                    return reader.Fail("a number that a decimal can hold");
            }
        }

        public override void Write(JsonWriter writer, decimal value) => writer.WriteValue(value);
    }

    private sealed class DateTimeCodec : JsonCodec<DateTimeOffset>
    {
        public override bool TryRead(ref OrqJsonReader reader, out DateTimeOffset value)
        {
            return reader.TryGetUtcTime(out value)
                || (reader.GetString() is { } text && JsonTime.TryParse(text, out value))
                || reader.Fail("a date and time");
        }

        public override void Write(JsonWriter writer, DateTimeOffset value) =>
            writer.WriteValue(JsonTime.Format(value));
    }

    private sealed class DateCodec : JsonCodec<DateOnly>
    {
        public override bool TryRead(ref OrqJsonReader reader, out DateOnly value)
        {
            value = default;
            return DateOnly.TryParseExact(
                    reader.GetString(),
                    "yyyy-MM-dd",
                    CultureInfo.InvariantCulture,
                    DateTimeStyles.None,
                    out value
                ) || reader.Fail("a date");
        }

        public override void Write(JsonWriter writer, DateOnly value) =>
            writer.WriteValue(value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
    }

    private sealed class BytesCodec : JsonCodec<byte[]>
    {
        public override bool TryRead(
            ref OrqJsonReader reader,
            [MaybeNullWhen(false)] out byte[] value
        )
        {
            value = null;
            if (reader.GetString() is { } text)
            {
                var buffer = new byte[text.Length];
                if (Convert.TryFromBase64String(text, buffer, out var length))
                {
                    value = buffer[..length];
                }
            }

            return value is not null || reader.Fail("base64 text");
        }

        public override void Write(JsonWriter writer, byte[] value) =>
            writer.WriteValue(Convert.ToBase64String(value));

        public override Invalid? Check(byte[] value, int depth) => Invalid.Null(value, "");
    }
}
