// Of the three tiers' sources, all of which were generated, keeps those of the tier that was asked for.
// In batch mode the plug-in looks at no validationRegex, so what must hold is checked here.
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.Paths

Path project = Paths.get(request.outputDirectory, request.artifactId)

def refuse = { String message ->
  project.toFile().deleteDir()
  throw new IllegalArgumentException(message)
}

// The plug-in makes a project below another pom.xml its module, and writes that file anew.
Path above = Paths.get(request.outputDirectory, "pom.xml")
if (Files.exists(above) && above.toFile().text.contains("<groupId>quarry</groupId>")) {
  refuse("this is Quarry's own checkout, and its pom.xml has a module " + request.artifactId + " now: undo that (git checkout pom.xml), and generate the project in another directory")
}

String tier = request.properties["tier"]
if (!(tier in ["physmem", "vmem", "heap"])) {
  refuse("tier " + tier + " does not exist: use -Dtier=physmem, -Dtier=vmem or -Dtier=heap")
}
if (!(request.artifactId ==~ /[a-z][a-z0-9]*([-.][a-z0-9]+)*/)) {
  refuse("artifactId " + request.artifactId + " is to be the provider's name as well: lower-case words with hyphens, such as my-heap")
}
if (!request.package.split("\\.").every { javax.lang.model.SourceVersion.isName(it) }) {
  refuse("package " + request.package + " is no name of a Java package: add -Dpackage=org.example.mine")
}

Path chosen = project.resolve("tiers").resolve(tier)
Files.createDirectories(project.resolve("src"))
Files.move(chosen.resolve("main"), project.resolve("src/main"))
Files.move(chosen.resolve("test"), project.resolve("src/test"))
project.resolve("tiers").toFile().deleteDir()
project.resolve(".gitignore").toFile().text = "target/\n" // the plug-in leaves files of that name out
