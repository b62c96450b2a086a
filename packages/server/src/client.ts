export {
  type AssertionVerdict,
  type AssertionVerifierOptions,
  createAssertionVerifier,
} from './lib/middleware/client/assertion-verifier.ts'
export {
  type ClientHints,
  type ClientOptions,
  createYaopaiClient,
  type Introspection,
  type YaopaiClient,
} from './lib/middleware/client/yaopai-client.ts'
export type { Problem, SessionView, UserView, VerifyView } from './protocol.ts'
