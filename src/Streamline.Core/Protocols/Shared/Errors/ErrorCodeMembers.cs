using System.Net;

namespace Streamline.Protocols.Shared;

/// <summary>The code and the status of an error: the first code that it gives, and the first status that it names or that one of its codes stands for.</summary>
internal ref struct ErrorCodeMembers
{
    private HttpStatusCode? _numberStatus;
    private HttpStatusCode? _wordStatus;

    public ErrorCodeMembers(PayloadValue error, PayloadValue owner)
    {
        Add(error.Member("code"u8));
        AddType(error.Member("__type"u8));
        Add(error.Object("metadata"u8).Member("error_type"u8));
        Add(error.Member("error_type"u8));
        Add(error.Member("status_code"u8));
        Add(error.Member("statusCode"u8));
        Add(error.Member("http_status"u8));
        Add(error.Member("http_code"u8));
        AddUnlessVague(error.Member("status"u8));
        AddUnlessVague(error.Member("type"u8));

        // The type beside an error is that of the event.
        Add(owner.Member("status_code"u8));
        Add(owner.Member("statusCode"u8));
        AddUnlessVague(owner.Member("status"u8));
        Add(owner.Member("code"u8));
        Add(owner.Member("error_type"u8));
    }

    /// <summary>Gets the first code; <see langword="null"/> when there is none but an HTTP status.</summary>
    public string? Code { get; private set; }

    /// <summary>Gets the status. One that is named goes before one that a code stands for.</summary>
    public readonly HttpStatusCode? Status => _numberStatus ?? _wordStatus;

    /// <summary>Gets a value indicating whether the error says nothing of its kind.</summary>
    public readonly bool IsSilent => Code is null && Status is null;

    private void AddType(PayloadValue type) => AddWord(ErrorCodes.ExceptionName(type.GetString()));

    // These members often say only that there is an error.
    private void AddUnlessVague(PayloadValue member)
    {
        if (!member.TextEquals("error"u8) && !member.TextEquals("exception"u8) && !member.TextEquals("failed"u8) && !member.TextEquals("fail"u8) && !member.TextEquals("about:blank"u8))
        {
            Add(member);
        }
    }

    private void Add(PayloadValue member)
    {
        if (member.GetCount() is not { } number)
        {
            AddWord(member.GetString());
        }
        else if (ErrorNumbers.ToStatus(number) is { } status)
        {
            _numberStatus ??= status;
        }
        else if (number != 0)
        {
            AddWord(ErrorNumbers.ToCode(number));
        }
    }

    private void AddWord(string? word)
    {
        if (string.IsNullOrEmpty(word) || word is "None" or "null")
        {
            return;
        }

        Code ??= word;
        _wordStatus ??= ErrorCodes.Find(word)?.Status;
    }
}
