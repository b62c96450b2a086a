const MAX_ITEMS = 50

interface Visitor {
  visits: number
  readonly cart: string[]
}

/** The shop's own data, by Yaopai's user id. In memory: a real shop has a database here. */
export class Visitors {
  readonly #byUserId = new Map<string, Visitor>()

  /** Counts a visit and returns what the shop knows of this user. */
  visit(userId: string): { visits: number; cart: readonly string[] } {
    const visitor = this.#of(userId)
    visitor.visits += 1
    return { visits: visitor.visits, cart: [...visitor.cart] }
  }

  /** Puts an item into the user's cart; `false` when the cart is full. */
  addToCart(userId: string, item: string): boolean {
    const { cart } = this.#of(userId)
    if (cart.length >= MAX_ITEMS) return false
    cart.push(item)
    return true
  }

  cart(userId: string): readonly string[] {
    return [...this.#of(userId).cart]
  }

  #of(userId: string): Visitor {
    const known = this.#byUserId.get(userId)
    if (known) return known
    const visitor = { visits: 0, cart: [] }
    this.#byUserId.set(userId, visitor)
    return visitor
  }
}
