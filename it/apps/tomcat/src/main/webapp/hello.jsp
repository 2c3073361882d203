<%@ page contentType="text/html;charset=UTF-8" import="java.util.List" session="false" %>
<%@ include file="head.jspf" %>
<h1>Hello, ${empty param.name ? "World" : param.name}</h1>
<ul>
<% for (String word : List.of("eins", "zwei", "drei")) { %>
<li><%= word.toUpperCase() %></li>
<% } %>
</ul>
<p>${1 + 2} ${pageContext.request.method} ${header["X-Word"]}</p>
