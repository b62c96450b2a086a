const WORDS = { zh: require('./words/zh'), en: require('./words/en') }

/** The phone's language, such as `zh_CN` or `en`. Old base libraries say it in the system's information alone. */
function languageOf(wx) {
  const info = wx.getAppBaseInfo ? wx.getAppBaseInfo() : wx.getSystemInfoSync()
  return info?.language || 'zh_CN'
}

/** All words of this mini program in the phone's language: Chinese for zh, English for everybody else. */
function wordsFor(wx) {
  return /^zh/i.test(languageOf(wx)) ? WORDS.zh : WORDS.en
}

/** `fill('{n} 分钟前', { n: 5 })` is `5 分钟前`. */
function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (_whole, name) => String(values[name]))
}

module.exports = { WORDS, wordsFor, fill }
