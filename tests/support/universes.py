"""Sets of subgraphs, each for one way in which subgraphs share types."""

from typing import Final

UNIVERSES: Final = {
    "requires": {
        "catalog": """type Query { products: [Product!]! product(id: ID): Product }
            type Product @key(fields: "id") { id: ID! name: String! price: Int!
              dimensions: Dimensions }
            type Dimensions @shareable { size: Int weight: Int }""",
        "discounts": 'type Product @key(fields: "id") { id: ID! hasDiscount: Boolean! }',
        "pricing": """type Product @key(fields: "id") { id: ID! price: Int! @external
              hasDiscount: Boolean! @external isExpensive: Boolean! @requires(fields: "price")
              isCheap: Boolean! @requires(fields: "hasDiscount price") plain: Int }""",
        "buying": """type Product @key(fields: "id") { id: ID! isExpensive: Boolean! @external
              isCheap: Boolean! @external canAfford: Boolean! @requires(fields: "isExpensive")
              canSave: Boolean! @requires(fields: "isCheap isExpensive") }""",
        "shipping": """type Query { featured: Product }
            type Product @key(fields: "id") { id: ID! dimensions: Dimensions @external
              shipping: Int @requires(fields: "dimensions { size weight }") }
            type Dimensions @shareable { size: Int weight: Int }""",
    },
    "abstract": {
        "catalog": """type Query { products: [Product!]! media: [Media!]! }
            interface Product { id: ID! sku: String related: [Product!] }
            union Media = Book | Film
            type Book implements Product @key(fields: "id") { id: ID! sku: String title: String
              related: [Product!] }
            type Film implements Product @key(fields: "id") { id: ID! sku: String
              related: [Product!] }""",
        "reviews": """interface Product { id: ID! reviews: [Review!]! }
            type Review { stars: Int! about: Product }
            type Book implements Product @key(fields: "id") { id: ID! reviews: [Review!]! }
            type Film implements Product @key(fields: "id") { id: ID! reviews: [Review!]! }""",
        "films": """type Film @key(fields: "id") { id: ID! director: Person }
            type Person @key(fields: "id") { id: ID! name: String! }""",
        "people": 'type Person @key(fields: "id") { id: ID! born: Int films: [Film!] } '
        'type Film @key(fields: "id", resolvable: false) { id: ID! }',
    },
    "keys": {
        "root": """type Query { product(id: ID): Product products: [Product!] }
            type Product @key(fields: "id") { id: ID! category: Category @shareable }
            type Category @shareable { name: String }""",
        "link": 'type Product @key(fields: "id") @key(fields: "id pid") { id: ID! pid: String! }',
        "price": """type Product @key(fields: "id pid") { id: ID! pid: String! price: Int
              category: Category @shareable }
            type Category @shareable { name: String products: Int }""",
    },
    "interface_object": {
        "users": """type Query { users: [Node!]! user: User }
            interface Node @key(fields: "id") { id: ID! name: String }
            type User implements Node @key(fields: "id") { id: ID! name: String age: Int }
            type Bot implements Node @key(fields: "id") { id: ID! name: String owner: User }""",
        "notes": """type Query { noted: [Node!]! }
            type Node @key(fields: "id") @interfaceObject { id: ID! note: String }""",
    },
    "roots": {
        "a": """type Query { media: Media @shareable feed: [Post!]! @shareable
              clock: Int @shareable }
            type Media @shareable { id: ID! animals: [Animal!]! }
            type Animal @key(fields: "id") { id: ID! }
            type Post @key(fields: "id") { id: ID! createdAt: String body: String }""",
        "b": """type Query { media: Media @shareable @provides(fields: "animals { name }")
              feed: [Post!]! @shareable clock: Int @shareable }
            type Media @shareable { id: ID! animals: [Animal!]! }
            type Animal @key(fields: "id") { id: ID! name: String @external }
            type Post @key(fields: "id") { id: ID! createdAt: String @override(from: "a") }""",
        "c": 'type Animal @key(fields: "id") { id: ID! name: String @shareable age: Int }',
    },
    "conflicts": {
        "a": """type Query { people: [Account!]! }
            union Account = User | Admin
            type User @key(fields: "id") { id: ID! pet: Dog tag: String }
            type Admin @key(fields: "id") { id: ID! pet: Cat }
            type Dog @shareable { size: Int! } type Cat @shareable { size: Int }""",
        "b": """type User @key(fields: "id") { id: ID! mark: String! }
            type Admin @key(fields: "id") { id: ID! mark: String }
            type Dog @shareable { size: Int }""",
    },
}
