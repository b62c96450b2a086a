// In the bundle's place of rate-limiter-flexible: its index loads limiters for a dozen databases that nobody here uses.
export { default as RateLimiterMemory } from '../../node_modules/rate-limiter-flexible/lib/RateLimiterMemory.js'
export { default as RateLimiterRedis } from '../../node_modules/rate-limiter-flexible/lib/RateLimiterRedis.js'
export { default as RateLimiterRes } from '../../node_modules/rate-limiter-flexible/lib/RateLimiterRes.js'
