using ResilienceSample;

// Rate limits, with scripted providers in this process: no key, no network.
await RateLimits.RunAsync();
