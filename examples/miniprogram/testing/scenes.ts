// What there is to see: each page in each of its states, with people and days that stay the same.
import type { ShownPage } from './mini-program.ts'
import { ALICE, ok, refused, type StandInOptions } from './stand-ins.ts'

export interface Scene {
  readonly name: string
  readonly path: string
  readonly language?: string
  readonly options: () => StandInOptions
  readonly act?: (page: ShownPage) => Promise<void>
}

const MINUTE_MS = 60_000
const ago = (minutes: number) => new Date(Date.now() - minutes * MINUTE_MS).toISOString()
const portrait = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 88 88"><rect width="88" height="88" fill="#e9c9a0"/><circle cx="44" cy="36" r="17" fill="#5b3a29"/><circle cx="44" cy="41" r="13" fill="#f6dcc3"/><path d="M14 88c2-22 16-29 30-29s28 7 30 29z" fill="#2f6f8f"/></svg>`
const avatarUrl = `data:image/svg+xml;base64,${Buffer.from(portrait).toString('base64')}`

const cart = ['龙井', '普洱', '龙井', '铁观音']
const shop = { 'GET /whoami': () => ok({ visits: 12, greeting: '你好，小明', cart }) }

const device = (label: string | null, brand = '', model = '') => ({
  id: null,
  brand,
  model,
  platform: null,
  label,
})
const session = (id: string, isCurrent: boolean, minutes: number, of: object) => ({
  id,
  isCurrent,
  createdAt: ago(minutes),
  expiresAt: ago(minutes - 30 * 24 * 60),
  device: of,
})
const sessions = {
  'GET /me/sessions': () =>
    ok({
      sessions: [
        session('ses_1', true, 12, device(null, 'Xiaomi', '2312DRA50C')),
        session('ses_2', false, 60 * 26, device('客厅的平板')),
        session('ses_3', false, 60 * 24 * 9, device(null, 'iPhone', 'iPhone 14 Pro<iPhone15,2>')),
      ],
    }),
}

const event = (id: string, minutes: number, type: string, reason: string | null = null) => ({
  id,
  at: ago(minutes),
  type,
  reason,
  ip: '203.0.113.8',
})
const events = {
  'GET /me/events': () =>
    ok({
      events: [
        event('1', 1, 'user.profile_changed'),
        event('2', 12, 'login.succeeded'),
        event('3', 13, 'session.ended', 'replaced'),
        event('4', 60 * 5, 'login.code_replayed'),
        event('5', 60 * 26, 'login.succeeded'),
        event('6', 60 * 24 * 2, 'session.ended', 'revoked_by_user'),
        event('7', 60 * 24 * 9, 'login.succeeded'),
        event('8', 60 * 24 * 9, 'identity.created'),
        event('9', 60 * 24 * 9, 'user.created'),
      ],
      next: 'evt_0000000000000009',
    }),
}

const offline = () => Promise.reject(refused('network', 'retry'))
const english = {
  'GET /whoami': () => ok({ visits: 12, greeting: 'Hello, Ming', cart: ['Longjing', 'Tieguanyin'] }),
}
const known = { ...ALICE, avatarUrl }

export const SCENES: readonly Scene[] = [
  { name: 'index', path: 'pages/index/index', options: () => ({ user: known, routes: shop }) },
  {
    name: 'index-new',
    path: 'pages/index/index',
    options: () => ({
      user: { ...ALICE, nickname: null },
      routes: { 'GET /whoami': () => ok({ visits: 1, greeting: '你好', cart: [] }) },
    }),
  },
  { name: 'index-out', path: 'pages/index/index', options: () => ({ signedOut: 'revoked_by_user' }) },
  {
    name: 'index-loading',
    path: 'pages/index/index',
    options: () => ({ ready: () => new Promise(() => {}) }),
  },
  { name: 'index-offline', path: 'pages/index/index', options: () => ({ ready: offline }) },
  { name: 'index-stale', path: 'pages/index/index', options: () => ({ user: known, ready: offline }) },
  {
    name: 'index-banned',
    path: 'pages/index/index',
    options: () => ({ ready: () => Promise.reject(refused('banned', 'denied')) }),
  },
  {
    name: 'index-en',
    path: 'pages/index/index',
    language: 'en',
    options: () => ({ user: { ...known, nickname: 'Ming' }, routes: english }),
  },
  { name: 'logs', path: 'pages/logs/logs', options: () => ({ user: known, routes: events }) },
  {
    name: 'logs-empty',
    path: 'pages/logs/logs',
    options: () => ({ user: known, routes: { 'GET /me/events': () => ok({ events: [], next: null }) } }),
  },
  { name: 'devices', path: 'pages/devices/devices', options: () => ({ user: known, routes: sessions }) },
]
