/** Asks before something that cannot be undone; resolves with whether the user is sure. */
function ask(words, { title, text, confirm }) {
  return new Promise((resolve) => {
    wx.showModal({
      title,
      content: text,
      confirmText: confirm,
      cancelText: words.dialog.cancel,
      success: (answer) => resolve(answer.confirm),
      fail: () => resolve(false),
    })
  })
}

/** Tells what went wrong, and waits for nobody. */
function tell(words, { title, text }) {
  wx.showModal({ title, content: text, showCancel: false, confirmText: words.dialog.confirm })
}

/** A line that goes away by itself. */
function mention(title) {
  wx.showToast({ title, icon: 'none' })
}

module.exports = { ask, tell, mention }
