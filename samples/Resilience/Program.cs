using ResilienceSample;

// Rate limits, failover, hedging, a cache and telemetry, with scripted providers in this process: no key, no network.
await RateLimits.RunAsync();
await Failover.RunAsync();
await Failover.HedgeAsync();
await Caching.RunAsync();
await Telemetry.RunAsync();
