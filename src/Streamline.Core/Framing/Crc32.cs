using System.Buffers.Binary;

namespace Streamline.Framing;

/// <summary>The checksum of IEEE 802.3, as in zip and in AWS event streams: reflected polynomial EDB88320, beginning and ending inverted.</summary>
internal static class Crc32
{
    private const uint Polynomial = 0xEDB88320;
    private const int Slices = 8;

    // Eight tables, so that eight bytes are taken with one step: the one of number n looks n bytes ahead.
    private static readonly uint[][] Tables = MakeTables();

    /// <summary>Computes the checksum of bytes.</summary>
    public static uint Compute(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        for (; bytes.Length >= Slices; bytes = bytes[Slices..])
        {
            crc ^= BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            crc = Tables[7][crc & 0xFF] ^ Tables[6][(crc >> 8) & 0xFF] ^ Tables[5][(crc >> 16) & 0xFF] ^ Tables[4][crc >> 24]
                ^ Tables[3][bytes[4]] ^ Tables[2][bytes[5]] ^ Tables[1][bytes[6]] ^ Tables[0][bytes[7]];
        }

        foreach (var value in bytes)
        {
            crc = (crc >> 8) ^ Tables[0][(crc ^ value) & 0xFF];
        }

        return ~crc;
    }

    private static uint[][] MakeTables()
    {
        var tables = new uint[Slices][];
        for (var slice = 0; slice < Slices; slice++)
        {
            tables[slice] = new uint[256];
            for (var i = 0u; i < 256; i++)
            {
                var previous = slice == 0 ? i : tables[slice - 1][i];
                tables[slice][i] = slice == 0 ? Divide(previous) : (previous >> 8) ^ tables[0][previous & 0xFF];
            }
        }

        return tables;
    }

    private static uint Divide(uint remainder)
    {
        for (var bit = 0; bit < 8; bit++)
        {
            remainder = (remainder & 1) == 0 ? remainder >> 1 : (remainder >> 1) ^ Polynomial;
        }

        return remainder;
    }
}
