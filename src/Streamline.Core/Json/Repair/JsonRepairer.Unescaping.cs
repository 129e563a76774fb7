namespace Streamline.Json;

/// <content>Documents that were escaped as a whole, such as <c>{\"a\":1}</c>.</content>
internal sealed partial class JsonRepairer
{
    private bool _isUnescaping; // bytes go through Unescape first
    private bool _isBackslashPending;

    // Takes one level of escapes off, one byte at a time.
    private void Unescape(ReadOnlySpan<byte> input)
    {
        foreach (var found in input)
        {
            if (!_isBackslashPending && found == (byte)'\\')
            {
                _isBackslashPending = true;
                _offset++;
                continue;
            }

            if (!_isBackslashPending)
            {
                Pump([found]);
                continue;
            }

            _isBackslashPending = false;
            switch (found)
            {
                case (byte)'n':
                    Pump("\n"u8);
                    break;
                case (byte)'r':
                    Pump("\r"u8);
                    break;
                case (byte)'t':
                    Pump("\t"u8);
                    break;
                case (byte)'"' or (byte)'\\' or (byte)'/':
                    Pump([found]);
                    break;
                default:
                    _offset--;
                    Pump([(byte)'\\', found]);
                    break;
            }
        }
    }
}
