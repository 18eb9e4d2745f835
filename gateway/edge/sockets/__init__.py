"""`/graphql` over WebSocket: graphql-transport-ws, and nothing older.

https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md
"""
