/**
 * Providers with one fault each, which go into jars of their own: a shipped provider behind a face.
 * Nothing of it runs in the tests' own class path.
 */
@org.jspecify.annotations.NullMarked
package itest.faulty;
