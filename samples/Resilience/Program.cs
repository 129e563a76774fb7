using ResilienceSample;

// Rate limits, failover, hedging and telemetry, with scripted providers in this process: no key, no network.
await RateLimits.RunAsync();
await Failover.RunAsync();
await Failover.HedgeAsync();
await Telemetry.RunAsync();
