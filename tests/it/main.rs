//! Every test that goes through a front door: a tool call, the binary, or a layer's public face.
