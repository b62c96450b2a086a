import { useStore } from '../use-store.ts'
import { type Language, view } from '../view.ts'
import { en, type Words } from './en.ts'
import type { Text } from './text.ts'
import { zh } from './zh.ts'

export function wordsOf(language: Language): Words {
  return language === 'zh' ? zh : en
}

export function useWords(): Words {
  return wordsOf(useStore(view, ({ language }) => language))
}

/** Picks the side of a text that the page speaks. */
export function useSpeech(): (text: Text) => string {
  const language = useStore(view, (now) => now.language)
  return (text) => text[language]
}
