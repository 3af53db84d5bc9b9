"""One function turned round and slid over another: the product, the area under it, and the output."""
