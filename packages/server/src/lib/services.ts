import type { Clock } from './clock.ts'
import type { AppConfig } from './config.ts'
import type { EventRecord, EventType } from './events.ts'
import { newEventId, type UserId } from './ids.ts'
import type { Random } from './random.ts'
import { sessionIdOf } from './session/selector.ts'
import type { Store } from './store/store.ts'
import type { Telemetry } from './telemetry.ts'
import type { Vault } from './vault.ts'
import type { WechatTransport } from './wechat/transport.ts'

/** What the verbs work with; composed once, at the start. */
export interface Services {
  readonly apps: readonly AppConfig[]
  readonly insecureEmulator: boolean
  readonly store: Store
  readonly vault: Vault
  readonly wechat: WechatTransport
  readonly clock: Clock
  readonly random: Random
  readonly telemetry: Telemetry
}

/** Where a request came from, for the history and the log. */
export interface Origin {
  readonly requestId: string
  readonly ip: string | null
}

interface EventSubject {
  readonly appid?: string | null
  readonly userId?: UserId | null
  readonly selector?: number | null
  readonly facts?: EventRecord['facts']
}

/** A line of the history, stamped with the time and its origin. */
export function newEvent(
  services: Pick<Services, 'clock' | 'random'>,
  origin: Pick<EventRecord, 'requestId' | 'ip'>,
  type: EventType,
  subject: EventSubject,
): EventRecord {
  return {
    id: newEventId(services.clock, services.random),
    atMs: services.clock.nowMs(),
    type,
    appid: subject.appid ?? null,
    userId: subject.userId ?? null,
    sessionId: subject.selector == null ? null : sessionIdOf(subject.selector),
    requestId: origin.requestId,
    ip: origin.ip,
    facts: subject.facts ?? {},
  }
}

/** Looked up in every request; a reload of the configuration brings another list. */
const byAppid = new WeakMap<readonly AppConfig[], ReadonlyMap<string, AppConfig>>()

export function findApp({ apps }: Pick<Services, 'apps'>, appid: string): AppConfig | null {
  const known = byAppid.get(apps)
  if (known !== undefined) return known.get(appid) ?? null
  byAppid.set(apps, new Map(apps.map((app) => [app.appid, app])))
  return findApp({ apps }, appid)
}
