"""Who sees what: roles and fields, one operation for one caller, two supergraphs compared."""
