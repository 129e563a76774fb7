using System.Runtime.Loader;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace MutantRunner;

/// <summary>The tests of one assembly, run within this process, one after the other.</summary>
internal sealed class TestSuite
{
    private const int StackSize = 16 * 1024 * 1024;

    private readonly ITestFrameworkExecutor _executor;
    private readonly Dictionary<string, ITestCase> _tests = new(StringComparer.Ordinal);

    public TestSuite(string path, IReadOnlyList<string> excluded)
    {
        var assembly = AssemblyLoadContext.Default.LoadFromAssemblyPath(path);
        var framework = new XunitTestFramework(new MessageSink(_ => true));
        var discovered = new MessageSink(message =>
        {
            if (message is ITestCaseDiscoveryMessage { TestCase: var test } && !excluded.Any(part => NameOf(test).Contains(part, StringComparison.Ordinal)))
            {
                lock (_tests)
                {
                    _tests.TryAdd(test.UniqueID, test);
                }
            }

            return true;
        });
        framework.GetDiscoverer(Reflector.Wrap(assembly)).Find(includeSourceInformation: false, discovered, new TestOptions());
        discovered.Over.WaitOne();
        _executor = framework.GetExecutor(assembly.GetName());
    }

    /// <summary>The ids of the tests.</summary>
    public IReadOnlyCollection<string> Tests => _tests.Keys;

    /// <summary>The class and method of a test.</summary>
    public string NameOf(string id) => NameOf(_tests[id]);

    /// <summary>Runs tests up to the first that fails.</summary>
    public TestRun Run(IEnumerable<string> ids, TimeSpan limit)
    {
        string? failed = null;
        var sink = new MessageSink(message =>
        {
            failed ??= message switch
            {
                ITestFailed failure => failure.TestCase.UniqueID,
                ITestCleanupFailure failure => failure.TestCase.UniqueID,
                _ => null,
            };
            return failed is null;
        });
        var tests = ids.Select(id => _tests[id]).ToList();

        // A mutant may keep the thread forever.
        new Thread(() => _executor.RunTests(tests, sink, new TestOptions()), StackSize) { IsBackground = true }.Start();
        var hasEnded = sink.Over.WaitOne(limit);
        return new TestRun(failed, hasEnded);
    }

    private static string NameOf(ITestCase test) => $"{test.TestMethod.TestClass.Class.Name}.{test.TestMethod.Method.Name}";

    private sealed class MessageSink(Func<IMessageSinkMessage, bool> take) : IMessageSink
    {
        public ManualResetEvent Over { get; } = new(initialState: false);

        public bool OnMessage(IMessageSinkMessage message)
        {
            var continues = take(message);
            if (message is ITestAssemblyFinished or IDiscoveryCompleteMessage)
            {
                Over.Set();
            }

            return continues;
        }
    }
}
