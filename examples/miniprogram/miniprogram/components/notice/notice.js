/** Loading, offline, trouble, nothing there: one look for all that a page may show instead of its content. */
Component({
  options: { addGlobalClass: true },
  properties: {
    /** `loading`, `offline`, `error` or `empty`. */
    kind: String,
    title: String,
    text: String,
    /** On the button; without it there is none. */
    action: String,
    /** Small, for who asks the support. */
    reference: String,
  },
  methods: {
    retry() {
      this.triggerEvent('retry')
    },
  },
})
