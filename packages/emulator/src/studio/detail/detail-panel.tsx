import { useEffect, useRef } from 'preact/hooks'
import type { Arrow } from '../../lib/conversation/arrow.ts'
import { talk } from '../conversation/talk.ts'
import { explain } from '../explain/explain.ts'
import { Icon } from '../page/icon.tsx'
import { SidePanel } from '../page/side.tsx'
import { useStore } from '../use-store.ts'
import { view } from '../view.ts'
import { formatMoment, formatMs } from '../words/format.ts'
import { labelled } from '../words/label.ts'
import { nameStation } from '../words/station-name.ts'
import { fill } from '../words/text.ts'
import { useSpeech, useWords } from '../words/use-words.ts'
import { WireMessage } from './message.tsx'
import { RichText } from './rich-text.tsx'

function partnerOf(arrow: Arrow, arrows: readonly Arrow[]): Arrow | undefined {
  return arrows.find(({ exchange, seq }) => exchange === arrow.exchange && seq !== arrow.seq)
}

function Ends({ arrow }: { arrow: Arrow }) {
  const words = useWords()
  const stations = useStore(talk, (now) => now.stations)
  const nameOf = (id: string) => {
    const station = stations.find((candidate) => candidate.id === id)
    return station === undefined ? id : nameStation(station, words).name
  }
  if (arrow.part === 'note') return <span class="detail-ends">{words.lanes.operator}</span>
  return (
    <span class="detail-ends">
      {nameOf(arrow.from)} <span aria-hidden="true">→</span> {nameOf(arrow.to)}
    </span>
  )
}

function Facts({ arrow, partner }: { arrow: Arrow; partner: Arrow | undefined }) {
  const { detail } = useWords()
  const language = useStore(view, (now) => now.language)
  const tookMs = partner === undefined ? undefined : Math.abs(partner.elapsedMs - arrow.elapsedMs)
  return (
    <dl class="facts">
      <div>
        <dt>{detail.at}</dt>
        <dd>{formatMoment(arrow.at)}</dd>
      </div>
      {tookMs !== undefined && (
        <div>
          <dt>{detail.took}</dt>
          <dd>{formatMs(tookMs, language)}</dd>
        </div>
      )}
    </dl>
  )
}

function Explained({ arrow, partner }: { arrow: Arrow; partner: Arrow | undefined }) {
  const { detail } = useWords()
  const say = useSpeech()
  const found = explain(arrow, partner)
  const parts = [
    [detail.what, found.what],
    [detail.why, found.why],
    [detail.without, found.without],
    [detail.cure, found.cure],
  ] as const
  return (
    <div class="explained">
      {parts.map(([title, text]) =>
        text === undefined ? null : (
          <section key={title}>
            <h3>{title}</h3>
            <p>{say(text)}</p>
          </section>
        ),
      )}
    </div>
  )
}

function Walk({ arrow, arrows }: { arrow: Arrow; arrows: readonly Arrow[] }) {
  const { detail } = useWords()
  const at = arrows.indexOf(arrow)
  const partner = partnerOf(arrow, arrows)
  const go = (target: Arrow | undefined) => target !== undefined && view.set({ open: target.seq })
  return (
    <div class="detail-walk">
      <button
        type="button"
        class="quiet"
        aria-label={detail.previous}
        title={detail.previous}
        disabled={at <= 0}
        onClick={() => go(arrows[at - 1])}
      >
        <Icon name="up" />
      </button>
      <button
        type="button"
        class="quiet"
        aria-label={detail.next}
        title={detail.next}
        disabled={at >= arrows.length - 1}
        onClick={() => go(arrows[at + 1])}
      >
        <Icon name="down" />
      </button>
      {arrow.part !== 'note' && (
        <button type="button" class="small" disabled={partner === undefined} onClick={() => go(partner)}>
          {partner === undefined
            ? detail.noAnswer
            : arrow.part === 'call'
              ? detail.partnerAnswer
              : detail.partnerCall}
        </button>
      )}
    </div>
  )
}

/** All about the arrow that is open. */
export function DetailPanel({ onClose }: { onClose: () => void }) {
  const words = useWords()
  const open = useStore(view, (now) => now.open)
  const arrows = useStore(talk, (now) => now.arrows)
  const title = useRef<HTMLHeadingElement>(null)
  useEffect(() => title.current?.focus({ preventScroll: true }), [])
  const arrow = arrows.find(({ seq }) => seq === open)
  if (arrow === undefined) return null
  const partner = partnerOf(arrow, arrows)
  const outcome = arrow.part === 'answer' ? (arrow.outcome ?? 'ok') : undefined
  return (
    <SidePanel label={fill(words.detail.title, { n: arrow.seq })} isDetail>
      <div class="side-head">
        <Walk arrow={arrow} arrows={arrows} />
        <button type="button" class="quiet" aria-label={words.close} title={words.close} onClick={onClose}>
          <Icon name="close" />
        </button>
      </div>
      <p class="detail-kind">
        <Ends arrow={arrow} />{' '}
        <span class={`chip chip-${outcome ?? arrow.part}`}>
          {outcome === undefined ? words.parts[arrow.part] : words.outcomes[outcome]}
        </span>
      </p>
      <h2 class="detail-label" tabIndex={-1} ref={title}>
        <RichText text={labelled(arrow, words).label} />
      </h2>
      <Explained arrow={arrow} partner={partner} />
      <h3>{words.detail.message}</h3>
      <WireMessage message={arrow.message} />
      <Facts arrow={arrow} partner={partner} />
    </SidePanel>
  )
}
