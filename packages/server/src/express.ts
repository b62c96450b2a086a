export {
  type Caller,
  loadUser,
  type Middleware,
  type Next,
  type RequestLike,
  type ResponseLike,
  requireUser,
  type Verifier,
} from './lib/middleware/express.ts'
export type { Problem, SessionView, UserView, VerifyView } from './protocol.ts'
