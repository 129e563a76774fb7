namespace Streamline.Tools;

/// <summary>The place of a ticket in the queue of one key. Used under the lock of the table.</summary>
internal sealed class ToolLockPlace(ToolLockTicket ticket, string key, bool isWrite)
{
    public ToolLockTicket Ticket => ticket;

    public string Key => key;

    public bool IsWrite => isWrite;

    /// <summary>Whether nothing before it excludes it. Once it is free it stays so, because nothing comes before it any more.</summary>
    public bool IsFree { get; set; }

    public ToolLockPlace? Previous { get; set; }

    public ToolLockPlace? Next { get; set; }
}
