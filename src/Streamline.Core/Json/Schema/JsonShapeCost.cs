namespace Streamline.Json;

/// <summary>What it costs a reading that the schema says otherwise, on the scale of <see cref="JsonRepairCost"/>.</summary>
internal static class JsonShapeCost
{
    public const int Container = 20; // an array or object where none is wanted
    public const int Scalar = 16; // a string, number or boolean where none is wanted
    public const int Null = 6; // what models write for what they do not know
    public const int UnknownName = 15; // in an object that has no others
    public const int OtherName = 3; // in an object that may have others
    public const int RepeatedName = 12; // the first name of the object once more: another object begins
    public const int MissingOpener = 11; // a bracket that the schema wants here
    public const int RepeatedOpener = 11; // a bracket too many after one of its kind
    public const int EnumString = 12; // a string that the enum does not have
    public const int Converted = 4; // a value or name that is read as the one that is wanted
    public const int Wrapped = 11; // a list around a single value
}
