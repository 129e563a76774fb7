using ResilienceSample;

// Rate limits, failover and hedging, with scripted providers in this process: no key, no network.
await RateLimits.RunAsync();
await Failover.RunAsync();
await Failover.HedgeAsync();
