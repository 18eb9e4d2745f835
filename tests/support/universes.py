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
    "arguments": {
        "a": """type Query { feed: [Post!]! }
            type Post @key(fields: "id") { id: ID! comments(limit: Int!): [Comment!]!
              price(currency: String!): Int }
            type Comment @key(fields: "id") { id: ID! body: String }""",
        "c": 'type Comment @key(fields: "id") { id: ID! author: String }',
        "d": """type Post @key(fields: "id") { id: ID!
              comments(limit: Int!): [Comment!]! @external price(currency: String!): Int @external
              authors: String @requires(fields: "comments(limit: 3) { author }")
              cost: Int @requires(fields: "price(currency: \\"USD\\")") }
            type Comment @key(fields: "id") { id: ID! author: String @external }""",
    },
    "provided": {
        "a": """type Query { media: Media @shareable books: [Book!]! }
            interface Media { id: ID! animals: [Animal] }
            interface Animal { id: ID! name: String }
            type Book implements Media @key(fields: "id") { id: ID! animals: [Animal] @shareable }
            type Dog implements Animal @key(fields: "id") { id: ID! name: String @external }
            type Cat implements Animal @key(fields: "id") { id: ID! name: String @external }""",
        "c": """type Dog @key(fields: "id") { id: ID! name: String @shareable age: Int }
            type Cat @key(fields: "id") { id: ID! name: String @shareable age: Int }""",
    },
    "taken_over": {
        "a": """type Query { feed: [Post!]! }
            interface Post { id: ID! createdAt: String }
            type Image implements Post @key(fields: "id") { id: ID! createdAt: String url: String }
            type Text implements Post @key(fields: "id") { id: ID! createdAt: String
              body: String }""",
        "b": """type Query { images: [Image!]! }
            type Image @key(fields: "id") { id: ID! createdAt: String @override(from: "a") }""",
    },
    "spread_types": {
        "a": """type Query { products: [Product] nodes: [Node] }
            union Product = Oven | Toaster
            interface Node { id: ID! }
            type Oven @key(fields: "id") { id: ID! }
            type Toaster implements Node @key(fields: "id") { id: ID! warranty: Int }""",
        "b": """type Oven @key(fields: "id") { id: ID! warranty: Int } """,
    },
    "shared_root": {
        "name": """type Query { product: Product @shareable products: [Product] @shareable }
            type Product @shareable { id: ID! name: Name }
            type Name @shareable { brand: String }""",
        "price": """type Query { product: Product @shareable products: [Product] @shareable }
            type Product @shareable { id: ID! price: Price }
            type Price @shareable { amount: Int }""",
        "stock": """type Query { product: Product @shareable products: [Product] @shareable }
            type Product @shareable { id: ID! stock: Int }""",
    },
    "parents": {
        "a": """type Query { product: Product }
            type Product @key(fields: "id") { id: ID! category: Category @shareable }
            type Category @shareable { name: String }""",
        "b": 'type Product @key(fields: "id") @key(fields: "id pid") { id: ID! pid: String! }',
        "c": """type Product @key(fields: "id pid") { id: ID! pid: String!
              category: Category @shareable }
            type Category @shareable { details: Details } type Details { products: Int }""",
    },
    "mismatch": {
        "a": """type Query { accounts: [Account!]! }
            union Account = User | Admin
            type User @key(fields: "id") { id: ID! name: String! @shareable similar: [Account!]! }
            type Admin @key(fields: "id") { id: ID! name: String similar: [Account] }""",
        "b": """type User @key(fields: "id") { id: ID! nick: String! }
            type Admin @key(fields: "id") { id: ID! nick: String }""",
        "c": 'type User @key(fields: "id") { id: ID! name: String @shareable }',
    },
    "required_types": {
        "a": """type Query { a: Entity } type Entity @key(fields: "id") { id: ID! data: Foo }
            interface Foo { foo: String } interface Bar implements Foo { foo: String bar: String }
            type Baz implements Foo & Bar @inaccessible @shareable { foo: String bar: String
              baz: String }
            type Qux implements Foo & Bar @shareable { foo: String bar: String qux: String }""",
        "b": """type Query { b: Entity } type Entity @key(fields: "id") { id: ID!
              data: Foo @external
              requirer: String
                @requires(fields: "data { foo ... on Bar { bar ... on Qux { qux } } }") }
            interface Foo { foo: String } interface Bar implements Foo { foo: String bar: String }
            type Baz implements Foo & Bar @inaccessible @shareable { foo: String bar: String
              baz: String }
            type Qux implements Foo & Bar @shareable { foo: String bar: String qux: String }""",
    },
    "typed_objects": {
        "a": """type Query { users: [NodeWithName!]! }
            interface NodeWithName @key(fields: "id") { id: ID! name: String }
            type User implements NodeWithName @key(fields: "id") { id: ID! name: String age: Int }
            type Robot implements NodeWithName @key(fields: "id") { id: ID! name: String }""",
        "b": """type Query { anotherUsers: [NodeWithName] }
            type NodeWithName @key(fields: "id") @interfaceObject { id: ID! username: String
              friend: NodeWithName }""",
        "c": """type NodeWithName @key(fields: "id") @interfaceObject { id: ID! score: Int }
            type Query { best: NodeWithName }""",
    },
}
