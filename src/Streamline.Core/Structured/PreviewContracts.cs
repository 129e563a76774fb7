using System.Collections;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Streamline;

/// <summary>How the types of one serializer context are shown while they grow. Made once per context.</summary>
internal sealed class PreviewContracts
{
    private static readonly ConditionalWeakTable<JsonSerializerOptions, PreviewContracts> ByOptions = [];

    private readonly ConcurrentDictionary<Type, PreviewType?> _types = new();
    private readonly JsonSerializerOptions _options;
    private readonly JsonSerializerOptions? _slotOptions; // null where the contracts come from nowhere but the caller

    private PreviewContracts(JsonSerializerOptions options)
    {
        _options = options;
        _slotOptions = options.TypeInfoResolver is not { } resolver ? null : new JsonSerializerOptions(options)
        {
            TypeInfoResolver = resolver.WithAddedModifier(UseSlots),
            RespectNullableAnnotations = false,
            RespectRequiredConstructorParameters = false,
            ReferenceHandler = null,
        };
    }

    public static PreviewContracts Of(JsonSerializerOptions options) => ByOptions.GetValue(options, static options => new PreviewContracts(options));

    /// <summary>How a type is shown.</summary>
    /// <param name="type">The type.</param>
    /// <param name="preview">How; <see langword="null"/> when the context does not know the type.</param>
    public bool TryGet(Type type, [NotNullWhen(true)] out PreviewType? preview)
    {
        preview = _types.GetOrAdd(type, Make);
        return preview is not null;
    }

    /// <summary>The type of an object: that which its discriminator names, where there are several.</summary>
    /// <param name="declared">The type that the object was expected to be of.</param>
    /// <param name="element">The object so far.</param>
    /// <param name="actual">The type; <see langword="null"/> while it is not known.</param>
    public bool TryResolve(PreviewType declared, Json.PartialJsonElement element, [NotNullWhen(true)] out PreviewType? actual)
    {
        actual = declared;
        if (declared.Info.PolymorphismOptions is not { } polymorphism)
        {
            return true;
        }

        // The discriminator comes first, unless an option says that it need not.
        var name = polymorphism.TypeDiscriminatorPropertyName;
        if (!element.TryGetChild(0, out var discriminator) || (discriminator.Name != name && _options.AllowOutOfOrderMetadataProperties))
        {
            element.TryGetProperty(name, out discriminator);
        }
        else if (discriminator.Name != name)
        {
            return true;
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
        if (!_slotOptions.TryGetTypeInfo(shape, out var contract))
        {
            return new PreviewType(PreviewForm.Whole, info);
        }

        return contract.Kind switch
        {
            JsonTypeInfoKind.Object => new PreviewType(PreviewForm.Object, info) { Members = new PreviewMembers(contract) },
            JsonTypeInfoKind.Enumerable when type.IsSZArray => new PreviewType(PreviewForm.Array, info),
            JsonTypeInfoKind.Enumerable when CreateEmpty(info, "[]"u8) is IList { IsReadOnly: false, IsFixedSize: false } => new PreviewType(PreviewForm.List, info),
            JsonTypeInfoKind.Dictionary when info.KeyType == typeof(string) && CreateEmpty(info, "{}"u8) is IDictionary { IsReadOnly: false } =>
                new PreviewType(PreviewForm.Dictionary, info),
            JsonTypeInfoKind.None when type == typeof(string) && IsBuiltIn(info) => new PreviewType(PreviewForm.Text, info),
            _ => new PreviewType(PreviewForm.Whole, info),
        };
    }

    private static bool IsBuiltIn(JsonTypeInfo info) => info.Converter.GetType().Assembly == typeof(JsonNode).Assembly;

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
