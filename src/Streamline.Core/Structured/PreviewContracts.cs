using System.Collections;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Streamline.Json;

namespace Streamline.Structured;

/// <summary>How the types of one serializer context are shown while they grow. Made once per context.</summary>
internal sealed class PreviewContracts
{
    private static readonly ConditionalWeakTable<JsonSerializerOptions, PreviewContracts> ByOptions = [];

    private const int DefaultMaxDepth = 64; // of the serializer

    private readonly ConcurrentDictionary<Type, PreviewType?> _types = new();
    private readonly JsonSerializerOptions _options;
    private readonly JsonSerializerOptions? _slotOptions; // null where the contracts come from nowhere but the caller

    private PreviewContracts(JsonSerializerOptions options, PreviewRules rules)
    {
        _options = options;
        Rules = rules;
        _slotOptions = options.TypeInfoResolver is not { } resolver ? null : new JsonSerializerOptions(options)
        {
            TypeInfoResolver = resolver.WithAddedModifier(UseSlots),
            RespectNullableAnnotations = false,
            RespectRequiredConstructorParameters = false,
            ReferenceHandler = null,
        };
    }

    /// <summary>What is shown when.</summary>
    public PreviewRules Rules { get; }

    /// <summary>Objects and collections in one another, from which on the serializer refuses to write what is in them.</summary>
    public int MaxDepth => _options.MaxDepth > 0 ? _options.MaxDepth : DefaultMaxDepth;

    /// <summary>Whether null is refused where annotations say that there is none.</summary>
    public bool RespectsNullability => _options.RespectNullableAnnotations;

    /// <summary>How the types of a context are shown.</summary>
    /// <param name="options">The options of the context.</param>
    /// <param name="rules">What is shown when, besides what attributes say. They must not change any more.</param>
    public static PreviewContracts Of(JsonSerializerOptions options, PreviewRules? rules = null) => rules is null or { IsEmpty: true }
        ? ByOptions.GetValue(options, static options => new PreviewContracts(options, new PreviewRules()))
        : new PreviewContracts(options, rules);

    /// <summary>Whether a type is read and written by a converter of the serializer.</summary>
    public static bool IsBuiltIn(JsonTypeInfo info) => info.Converter.GetType().Assembly == typeof(JsonNode).Assembly;

    /// <summary>How a type is shown.</summary>
    /// <param name="type">The type.</param>
    /// <param name="preview">How; <see langword="null"/> when the context does not know the type.</param>
    public bool TryGet(Type type, [NotNullWhen(true)] out PreviewType? preview)
    {
        preview = _types.GetOrAdd(type, Make);
        return preview is not null;
    }

    /// <summary>Whether the serializer reads a member into the value that it has already.</summary>
    /// <param name="type">The type that has the member.</param>
    /// <param name="name">The name of the member in JSON.</param>
    public bool IsPopulated(Type type, string name) =>
        _options.TryGetTypeInfo(type, out var info)
        && info.Properties.FirstOrDefault(property => property.Name == name) is { AssociatedParameter: null } found
        && (found.ObjectCreationHandling ?? info.PreferredPropertyObjectCreationHandling ?? _options.PreferredObjectCreationHandling) == JsonObjectCreationHandling.Populate;

    /// <summary>The type of an object: that which its discriminator names, where there are several.</summary>
    /// <param name="declared">The type that the object was expected to be of.</param>
    /// <param name="element">The object so far.</param>
    /// <param name="position">The property to look at next, of an object whose discriminator need not come first: 0 at first.</param>
    /// <param name="actual">The type; <see langword="null"/> while it is not known.</param>
    public bool TryResolve(PreviewType declared, PartialJsonElement element, ref int position, [NotNullWhen(true)] out PreviewType? actual)
    {
        actual = declared;
        if (declared.Info.PolymorphismOptions is not { } polymorphism)
        {
            return true;
        }

        // The discriminator comes first, unless an option says that it need not.
        PartialJsonElement discriminator;
        while (element.TryGetChild(position, out discriminator) && discriminator.Name != polymorphism.TypeDiscriminatorPropertyName)
        {
            if (!_options.AllowOutOfOrderMetadataProperties)
            {
                return true;
            }

            if (!discriminator.IsComplete)
            {
                discriminator = default;
                break;
            }

            position = discriminator.NextPosition;
        }

        actual = null;
        if (!discriminator.IsComplete)
        {
            actual = element.IsComplete ? declared : null;
            return actual is not null;
        }

        var derived = polymorphism.DerivedTypes.FirstOrDefault(derived => derived.TypeDiscriminator switch
        {
            string text => discriminator.ValueEquals(text),
            int number => discriminator.TryGetInt32(out var found) && found == number,
            _ => false,
        });
        return derived.DerivedType is { } type && TryGet(type, out actual);
    }

    /// <summary>What stands for a value of a type that has no null, as long as there is no value.</summary>
    public PreviewGap EmptyOf(Type type)
    {
        if (type == typeof(string))
        {
            return PreviewGap.Of("");
        }

        if (!TryGet(type, out var preview))
        {
            return type.IsValueType ? PreviewGap.None : PreviewGap.Impossible;
        }

        return preview.Form switch
        {
            PreviewForm.Array => PreviewGap.Of(Array.CreateInstanceFromArrayType(type, 0)),
            PreviewForm.View => PreviewGap.Of(preview.Views!.Create([], 0, isGrowing: false, growing: null)),
            PreviewForm.List => new PreviewGap(() => CreateEmpty(preview.Info, "[]"u8)),
            PreviewForm.Dictionary => new PreviewGap(() => CreateEmpty(preview.Info, "{}"u8)),
            PreviewForm.Object => preview.Members!.TryCreateEmpty(out _)
                ? new PreviewGap(() => preview.Members.TryCreateEmpty(out var empty) ? empty : null)
                : DefaultOf(preview.Info),
            _ => EmptyOfWhole(preview.Info),
        };
    }

    private static PreviewGap EmptyOfWhole(JsonTypeInfo info)
    {
        var type = info.Type;
        if (type.IsEnum)
        {
            return UnknownEnum.Of(type) is not { } unknown ? PreviewGap.None : CanWrite(unknown, info) ? PreviewGap.Of(unknown) : PreviewGap.Impossible;
        }

        // A default instance of some value types cannot be written.
        var empty = info.Kind switch
        {
            JsonTypeInfoKind.Enumerable => CreateEmpty(info, "[]"u8),
            JsonTypeInfoKind.Dictionary => CreateEmpty(info, "{}"u8),
            JsonTypeInfoKind.None when type == typeof(JsonElement) => CreateEmpty(info, "null"u8),
            JsonTypeInfoKind.None when !type.IsValueType && IsBuiltIn(info) => CreateEmpty(info, "\"\""u8) ?? CreateEmpty(info, "{}"u8),
            _ => null,
        };
        return empty is not null ? PreviewGap.Of(empty) : DefaultOf(info);
    }

    private static PreviewGap DefaultOf(JsonTypeInfo info) => info.Type.IsValueType && CanWrite(ValueDefault.Of(info.Type), info) ? PreviewGap.None : PreviewGap.Impossible;

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "A converter may refuse a value in any way.")]
    private static bool CanWrite(object value, JsonTypeInfo info)
    {
        try
        {
            JsonSerializer.SerializeToUtf8Bytes(value, info);
            return true;
        }
        catch (Exception)
        {
            return false;
        }
    }

    private static void UseSlots(JsonTypeInfo contract)
    {
        if (contract.Kind != JsonTypeInfoKind.Object)
        {
            return;
        }

        contract.PolymorphismOptions = null;
        foreach (var property in contract.Properties)
        {
            property.IsRequired = false;
            if (property is { CustomConverter: null, NumberHandling: null, IsExtensionData: false })
            {
                property.CustomConverter = PreviewSlots.Converter;
                property.ObjectCreationHandling = null;
            }
        }

        contract.PreferredPropertyObjectCreationHandling = null;
    }

    private PreviewType? Make(Type type)
    {
        if (_slotOptions is null || !_options.TryGetTypeInfo(type, out var info))
        {
            return null;
        }

        var shape = Nullable.GetUnderlyingType(type) ?? type;
        if (!_slotOptions.TryGetTypeInfo(shape, out var contract) || shape.IsDefined(typeof(ShowWhenCompleteAttribute), inherit: true))
        {
            return new PreviewType(PreviewForm.Whole, info);
        }

        return contract.Kind switch
        {
            JsonTypeInfoKind.Object => new PreviewType(PreviewForm.Object, info) { Members = new PreviewMembers(contract, this) },
            JsonTypeInfoKind.Enumerable when type.IsSZArray => new PreviewType(PreviewForm.Array, info),
            JsonTypeInfoKind.Enumerable when IsBuiltIn(info) && PreviewViews.For(type, info.ElementType!) is { } views => new PreviewType(PreviewForm.View, info) { Views = views },
            JsonTypeInfoKind.Enumerable when CreateEmpty(info, "[]"u8) is IList { IsReadOnly: false, IsFixedSize: false } => new PreviewType(PreviewForm.List, info),
            JsonTypeInfoKind.Dictionary when info.KeyType == typeof(string) && CreateEmpty(info, "{}"u8) is IDictionary { IsReadOnly: false } =>
                new PreviewType(PreviewForm.Dictionary, info),
            JsonTypeInfoKind.None when type == typeof(string) && IsBuiltIn(info) => new PreviewType(PreviewForm.Text, info),
            _ => new PreviewType(PreviewForm.Whole, info),
        };
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "A collection that cannot be made is shown when it is complete.")]
    private static object? CreateEmpty(JsonTypeInfo info, ReadOnlySpan<byte> utf8Json)
    {
        try
        {
            return JsonSerializer.Deserialize(utf8Json, info);
        }
        catch (Exception)
        {
            return null;
        }
    }
}
