"""Streams of sensors over NATS JetStream: sensors publish pieces of pcapng, and a reader gets each stream back byte by byte."""
