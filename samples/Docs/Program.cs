using DocsSample;

// Runs the examples of the documentation with scripted providers: no key, no network.
var output = Console.Out;
await GettingStarted.RunAsync(output);
await EventTour.RunAsync(output);
await Conversations.RunAsync(output);
await Bridges.RunAsync(output);
await Middleware.RunAsync(output);
await Parsers.RunAsync(output);
await WebEndpoint.RunAsync(output);
return 0;
