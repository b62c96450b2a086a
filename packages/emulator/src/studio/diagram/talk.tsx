import { useMemo, useRef } from 'preact/hooks'
import { type Layout, layOut } from '../conversation/layout.ts'
import { talk } from '../conversation/talk.ts'
import { Icon } from '../page/icon.tsx'
import { useStore } from '../use-store.ts'
import { view } from '../view.ts'
import { fill } from '../words/text.ts'
import { useWords } from '../words/use-words.ts'
import { Heads } from './heads.tsx'
import { ArrowList } from './list.tsx'
import { createMeasure } from './measure.ts'
import { Picture } from './picture.tsx'
import { TalkTools } from './tools.tsx'
import { type Scroll, useReveal, useScroll } from './use-scroll.ts'
import { type Shown, useShown } from './use-shown.ts'
import { useWidth } from './use-size.ts'

const measure = createMeasure()

export function openArrow(seq: number): void {
  view.set({ open: seq, focus: seq })
}

function useLayout(shown: Shown, width: number): Layout {
  const stations = useStore(talk, (now) => now.stations)
  const scale = useStore(view, (now) => now.scale)
  return useMemo(
    () => layOut({ conversation: { stations, arrows: shown.arrows }, width, scale, measure }),
    [stations, shown.arrows, width, scale],
  )
}

function Empty() {
  const { diagram } = useWords()
  return (
    <div class="empty">
      <div class="empty-badge" aria-hidden="true">
        <span>牌</span>
      </div>
      <p class="empty-title">{diagram.empty}</p>
      <p>{diagram.emptyText}</p>
    </div>
  )
}

function Diagram({ layout, scroll }: { layout: Layout; scroll: Scroll }) {
  const words = useWords()
  const { language, open, focus } = useStore(view, (now) => now)
  return (
    <>
      <Heads lanes={layout.lanes} width={layout.width} gap={layout.laneGap} />
      <Picture
        layout={layout}
        language={language}
        silence={(time) => fill(words.diagram.silence, { time })}
        window={scroll.window}
        open={open}
        focus={focus}
        onOpen={openArrow}
      />
    </>
  )
}

/** The conversation: its tools, the diagram, and the same as a list. */
export function TalkPanel() {
  const words = useWords()
  const scroller = useRef<HTMLDivElement>(null)
  const shown = useShown()
  const layout = useLayout(shown, Math.max(280, useWidth(scroller)))
  const { isFollowing, open, focus } = useStore(view, (now) => now)
  const scroll = useScroll(scroller, layout, isFollowing)
  const stations = useStore(talk, (now) => now.stations)
  const isEmpty = shown.arrows.length === 0
  useReveal(scroller, layout, focus ?? open)
  return (
    <section class="talk" id="talk" aria-label={words.talk}>
      <TalkTools held={shown.held} />
      <div class="talk-scroll" ref={scroller}>
        <ArrowList
          arrows={shown.arrows}
          stations={stations}
          focus={focus}
          onFocus={(seq) => view.set({ focus: seq })}
          onOpen={openArrow}
        />
        {isEmpty ? <Empty /> : <Diagram layout={layout} scroll={scroll} />}
      </div>
      {!scroll.isAtEnd && !isEmpty && (
        <button type="button" class="newest" onClick={scroll.toEnd}>
          <Icon name="down" /> {words.diagram.newest}
        </button>
      )}
    </section>
  )
}
